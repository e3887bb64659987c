/// Makes things go wrong on purpose, and sees whether they really did. Finds its victims in the
/// demo's file, at the time of the fault.
@NullMarked
package dev.baton.lab.fault;

import org.jspecify.annotations.NullMarked;
