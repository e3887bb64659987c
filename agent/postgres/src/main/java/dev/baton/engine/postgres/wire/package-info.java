/// Messages of PostgreSQL's protocol 3.0 and 3.2: cutting the byte stream into messages, reading
/// and writing them. Nothing outside this package knows where a byte stands.
///
/// Source of every fact: the chapters "Message Flow" and "Message Formats" of PostgreSQL's
/// documentation, and the behaviour of servers 15 and 18.
@NullMarked
package dev.baton.engine.postgres.wire;

import org.jspecify.annotations.NullMarked;
