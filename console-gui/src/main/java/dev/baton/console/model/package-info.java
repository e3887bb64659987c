/// What the console knows, as view models: plain properties and lists, changed only on the thread
/// of the user interface. Nothing here imports `javafx.scene`; what an operator must be able to say
/// at a glance is computed by pure functions ([dev.baton.console.model.Situation]).
@NullMarked
package dev.baton.console.model;

import org.jspecify.annotations.NullMarked;
