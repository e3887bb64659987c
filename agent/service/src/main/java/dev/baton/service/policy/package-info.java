/// Moves by policy: facts from what all agents measure, an assessment a second at each home, and
/// the policies and announcements themselves, which every agent keeps and tells every other.
@NullMarked
package dev.baton.service.policy;

import org.jspecify.annotations.NullMarked;
