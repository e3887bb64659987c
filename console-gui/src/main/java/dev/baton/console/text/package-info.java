/// Every word that is shown, from one resource bundle, and how quantities are written.
@NullMarked
package dev.baton.console.text;

import org.jspecify.annotations.NullMarked;
