package dev.baton.console.link;

import dev.baton.model.view.StreamMessage;
import java.net.URI;

/// What happens on a link, in order.
public sealed interface LinkEvent {
  /// The link tries an address.
  record Connecting(URI address) implements LinkEvent {}

  /// The stream is open; a snapshot or the missed deltas follow.
  record Connected(URI address) implements LinkEvent {}

  record Received(StreamMessage message) implements LinkEvent {}

  /// A recording is read to its end; nothing follows.
  ///
  /// @param cut the end of the file is missing
  record Ended(URI address, boolean cut) implements LinkEvent {}

  /// The stream broke or could not be opened.
  ///
  /// @param retryMillis until the next address is tried
  record Lost(URI address, String reason, long retryMillis) implements LinkEvent {}
}
