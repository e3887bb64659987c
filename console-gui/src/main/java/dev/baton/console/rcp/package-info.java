/// The Eclipse 4 workbench without SWT: Equinox on one flat class path, the boot of an application
/// model, the presentation engine that renders it with JavaFX, and the dispatch of key bindings.
/// One entrance, [dev.baton.console.rcp.Workbench]; nothing else of the console imports e4
/// internals.
@NullMarked
package dev.baton.console.rcp;

import org.jspecify.annotations.NullMarked;
