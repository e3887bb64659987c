/// The command line, `baton …`. A command asks an agent's control interface, prints for people or,
/// with `--json`, for programs, and ends with 0 (done), 1 (refused or failed, with a reason) or 2
/// (wrong usage).
@NullMarked
package dev.baton.service.cli;

import org.jspecify.annotations.NullMarked;
