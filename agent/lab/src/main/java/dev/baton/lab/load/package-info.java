/// Clients that keep a ledger of their own: what they were told was committed, what was rolled
/// back, and what they cannot know. They speak to the database through an ordinary driver and know
/// nothing of agents.
@NullMarked
package dev.baton.lab.load;

import org.jspecify.annotations.NullMarked;
