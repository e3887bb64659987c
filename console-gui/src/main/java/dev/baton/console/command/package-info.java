/// The handlers of the application model's commands: what a key, a menu item or a button does.
@NullMarked
package dev.baton.console.command;

import org.jspecify.annotations.NullMarked;
