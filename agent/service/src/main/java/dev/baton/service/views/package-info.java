/// What the cluster looks like from one agent: each agent measures its own part (`LocalViews`),
/// asks the others for theirs several times a second, and puts them together for the control
/// interface.
@NullMarked
package dev.baton.service.views;

import org.jspecify.annotations.NullMarked;
