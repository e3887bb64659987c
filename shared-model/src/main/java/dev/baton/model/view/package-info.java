/// The control interface's messages. Every view carries the time at which it was measured; nothing
/// is shown that no agent has measured.
@NullMarked
package dev.baton.model.view;

import org.jspecify.annotations.NullMarked;
