/// The agents' own questions to an instance, over our own codec, and replication commands.
@NullMarked
package dev.baton.engine.postgres.admin;

import org.jspecify.annotations.NullMarked;
