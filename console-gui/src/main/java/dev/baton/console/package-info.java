/// The operator's desktop application.
@NullMarked
package dev.baton.console;

import org.jspecify.annotations.NullMarked;
