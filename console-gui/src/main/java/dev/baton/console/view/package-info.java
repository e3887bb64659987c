/// The views, in JavaFX. They show view models and know e4 only by injection and life-cycle
/// annotations, so that each can be put into a bare window by a test. Nothing is coloured but what
/// calls for attention, and that is marked by shape and word as well.
@NullMarked
package dev.baton.console.view;

import org.jspecify.annotations.NullMarked;
