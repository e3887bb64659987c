package dev.baton.model.recording;

import dev.baton.model.Json;
import dev.baton.model.view.StreamMessage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/// Writes a recording. Compressed when the file's name ends in `.gz`. Owned by one thread. Bounded:
/// what would go beyond the bound is not written, and [#full] says so.
public final class RecordingWriter implements AutoCloseable {
  /// Days of a small cluster, an hour of a very large one.
  public static final long DEFAULT_MAX_BYTES = 4L << 30;

  private final OutputStream out;
  private final long maxBytes;
  private long written;
  private boolean full;

  /// Creates the file, or empties it.
  ///
  /// @param maxBytes bound, before compression
  public static RecordingWriter create(Path file, long maxBytes, Instant now) throws IOException {
    OutputStream raw = Files.newOutputStream(file);
    OutputStream out =
        file.toString().endsWith(".gz")
            ? new GZIPOutputStream(raw, 1 << 16, true) // flushes through: readable while it grows
            : new BufferedOutputStream(raw, 1 << 16);
    RecordingWriter writer = new RecordingWriter(out, maxBytes);
    writer.line(Json.MAPPER.writeValueAsString(RecordingHeader.beginning(now)));
    return writer;
  }

  private RecordingWriter(OutputStream out, long maxBytes) {
    this.out = out;
    this.maxBytes = maxBytes;
  }

  public void write(StreamMessage message) throws IOException {
    write(Json.MAPPER.writeValueAsString(message));
  }

  /// @param message a [StreamMessage] as its JSON text came from the stream, without line ends
  public void write(String message) throws IOException {
    if (full || written + message.length() > maxBytes) {
      full = true;
      return;
    }
    line(message);
  }

  private void line(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    out.write('\n');
    written += bytes.length + 1;
  }

  /// What was written is in the file afterwards.
  public void flush() throws IOException {
    out.flush();
  }

  /// Something was left out because of the bound.
  public boolean full() {
    return full;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
