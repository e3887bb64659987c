package dev.baton.console.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The operator's token, read from its file at every use: an agent that is set up anew writes a new
/// one while the console runs. Never logged.
public final class OperatorToken {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorToken.class);
  private static final int MAX_BYTES = 4096;

  private final @Nullable Path file;

  /// @param file null: no token, requests go out without one
  public OperatorToken(@Nullable Path file) {
    this.file = file;
  }

  /// As a value of the header `Authorization`.
  Optional<String> authorization() {
    if (file == null) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        LOG.warn("token file {} is larger than {} bytes, not used", file, MAX_BYTES);
        return Optional.empty();
      }
      String token = Files.readString(file).strip();
      return token.isEmpty() ? Optional.empty() : Optional.of("Bearer " + token);
    } catch (IOException e) {
      LOG.warn("token file {} cannot be read: {}", file, e.getMessage());
      return Optional.empty();
    }
  }
}
