/// Needs to move that can wait: load on the home, load on the standby, balance between hosts,
/// hardware and software configuration, announced maintenance, preference. Pure: measured facts and
/// a policy go in, an assessment comes out, which is also the standing answer to "why not?".
@NullMarked
package dev.baton.core.policy;

import org.jspecify.annotations.NullMarked;
