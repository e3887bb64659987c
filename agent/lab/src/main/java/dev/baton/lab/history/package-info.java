/// The five workloads whose histories are checked: what each client asked for and was told, with
/// its time, and pure checkers that say what no correct database could have told. They know nothing
/// of moves or faults: whatever happens, the history must be possible.
@NullMarked
package dev.baton.lab.history;

import org.jspecify.annotations.NullMarked;
