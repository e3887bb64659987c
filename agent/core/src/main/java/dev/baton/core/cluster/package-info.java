/// The record of a service in coordination, what is asked of the coordination service, and the role
/// that one agent plays for one service, as a pure machine: events in, commands out. Every change
/// of the record is made by compare-and-set and before anything is done about it.
@NullMarked
package dev.baton.core.cluster;

import org.jspecify.annotations.NullMarked;
