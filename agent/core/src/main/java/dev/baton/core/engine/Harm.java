package dev.baton.core.engine;

import java.io.IOException;

/// Damage done to the local instance on purpose, as a drill or a demo does, and taken back. Blocks;
/// for one thread at a time.
public interface Harm {
  /// Ends the main process alone, at once; what it leaves behind may live on for a while.
  ///
  /// @return what was done, in a few words
  /// @throws IOException when it could not be done
  String kill() throws IOException;

  /// Stops every process, as if disk or kernel hung. Lasts until `heal`.
  String freeze() throws IOException;

  /// Stops the instance in order, past its agent, and returns when it has ended.
  String stop() throws IOException;

  /// Lets go on what a freeze has stopped and what still lives. Does nothing where nothing is to be
  /// taken back.
  ///
  /// @return what was done, in a few words
  /// @throws IOException when something is still stopped
  String heal() throws IOException;
}
