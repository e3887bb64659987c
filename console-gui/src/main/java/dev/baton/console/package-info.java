/// The operator's desktop application: an Eclipse 4 workbench rendered by JavaFX. Started by
/// [dev.baton.console.ConsoleMain]; data comes in through `link`, is kept by `model`, shown by
/// `view`; `rcp` alone knows Equinox and the application model.
@NullMarked
package dev.baton.console;

import org.jspecify.annotations.NullMarked;
