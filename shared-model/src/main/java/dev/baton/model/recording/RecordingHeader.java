package dev.baton.model.recording;

import java.time.Instant;

/// First line of a recording.
///
/// @param format always [#FORMAT]
/// @param version of the format; a reader refuses one that is newer than its own
/// @param recordedAt when the recording began, on the recorder's clock; the times of what is in it
///   are the agents'
public record RecordingHeader(String format, int version, Instant recordedAt) {
  public static final String FORMAT = "baton-recording";
  public static final int VERSION = 1;

  static RecordingHeader beginning(Instant now) {
    return new RecordingHeader(FORMAT, VERSION, now);
  }
}
