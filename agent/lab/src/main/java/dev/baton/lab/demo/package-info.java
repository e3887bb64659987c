/// A whole cluster on one machine in a folder of its own: coordination, two agents, their
/// databases; load, faults, check and report on top.
@NullMarked
package dev.baton.lab.demo;

import org.jspecify.annotations.NullMarked;
