package dev.baton.model.recording;

import dev.baton.model.Json;
import dev.baton.model.view.StreamMessage;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Reads a recording, message by message. Owned by one thread.
public final class RecordingReader implements AutoCloseable {
  private static final int GZIP_FIRST = 0x1f;

  private final BufferedReader lines;
  private final RecordingHeader header;
  private long line = 1;
  private final Torn torn;
  private boolean cut;

  /// @throws IOException when the file cannot be read or is no recording; the message says which
  public static RecordingReader open(Path file) throws IOException {
    return open(Files.newInputStream(file), file.toString());
  }

  /// @param in closed with the reader, and when this fails
  /// @param name for messages
  public static RecordingReader open(InputStream in, String name) throws IOException {
    try {
      PushbackInputStream first = new PushbackInputStream(in, 1);
      int begin = first.read();
      if (begin >= 0) {
        first.unread(begin);
      }
      Torn plain = new Torn(begin == GZIP_FIRST ? new GZIPInputStream(first, 1 << 16) : first);
      return new RecordingReader(
          new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8), 1 << 16),
          plain,
          name);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private RecordingReader(BufferedReader lines, Torn torn, String name) throws IOException {
    this.lines = lines;
    this.torn = torn;
    this.header = header(lines.readLine(), name);
  }

  private static RecordingHeader header(@Nullable String text, String name) throws IOException {
    RecordingHeader read;
    try {
      read = Json.MAPPER.readValue(text == null ? "" : text, RecordingHeader.class);
    } catch (JacksonException e) {
      throw new IOException(name + " is no recording: its first line is not understood", e);
    }
    if (read == null || !RecordingHeader.FORMAT.equals(read.format())) {
      throw new IOException(name + " is no recording");
    }
    if (read.version() > RecordingHeader.VERSION) {
      throw new IOException(
          "%s is a recording of version %d; this program reads up to %d"
              .formatted(name, read.version(), RecordingHeader.VERSION));
    }
    return read;
  }

  public RecordingHeader header() {
    return header;
  }

  /// @return empty at the end, also when the last line was cut off
  /// @throws IOException when a line that is not the last is not understood; the message has its
  ///   number
  public Optional<StreamMessage> next() throws IOException {
    String text = lines.readLine();
    if (text == null) {
      return Optional.empty();
    }
    line++;
    try {
      return Optional.of(Json.MAPPER.readValue(text, StreamMessage.class));
    } catch (JacksonException e) {
      if (lines.readLine() == null) {
        cut = true;
        return Optional.empty();
      }
      throw new IOException("line " + line + " is not understood: " + e.getOriginalMessage(), e);
    }
  }

  /// The end of the file is missing.
  public boolean cut() {
    return cut || torn.torn;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  /// Ends where a compressed file is torn off, instead of failing there.
  private static final class Torn extends FilterInputStream {
    private boolean torn;

    Torn(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return torn ? -1 : super.read(into, offset, length);
      } catch (EOFException e) {
        torn = true;
        return -1;
      }
    }
  }
}
