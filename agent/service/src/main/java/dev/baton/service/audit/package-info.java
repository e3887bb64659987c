/// Who changed what: a file of lines in each agent's directory, chained by SHA-256, so that a line
/// that is changed, left out or put between others is found. Written before the answer goes out,
/// and forced to disk.
@NullMarked
package dev.baton.service.audit;

import org.jspecify.annotations.NullMarked;
