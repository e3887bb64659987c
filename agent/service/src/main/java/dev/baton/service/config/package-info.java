/// Reading of configuration files: keys with their lines, unknown keys with the nearest known one,
/// what has changed between two readings. What the keys are is said by records alone.
@NullMarked
package dev.baton.service.config;

import org.jspecify.annotations.NullMarked;
