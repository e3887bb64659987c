/// Builds the packages: the runtime, a list of everything that is installed where, and from that
/// one list the formats. The same sources give the same bytes. Nothing here is part of what runs on
/// a host.
@NullMarked
package dev.baton.installers;

import org.jspecify.annotations.NullMarked;
