/// The processes: what runs, wired from configuration.
@NullMarked
package dev.baton.service;

import org.jspecify.annotations.NullMarked;
