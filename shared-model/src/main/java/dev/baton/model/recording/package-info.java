/// Recordings of what agents told: the messages of the control stream, one JSON text a line, below
/// a line that says what the file is. Written by whoever listens to a stream, read by the console's
/// time machine. A file that ends in the middle of a line (the recorder was killed, the disk was
/// full) is read up to there.
@NullMarked
package dev.baton.model.recording;

import org.jspecify.annotations.NullMarked;
