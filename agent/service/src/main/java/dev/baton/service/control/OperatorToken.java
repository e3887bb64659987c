package dev.baton.service.control;

import dev.baton.service.config.OwnerOnly;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// The file with the one token that every agent has from its beginning, whose holder may do
/// everything.
public final class OperatorToken {
  /// Shorter ones can be guessed.
  static final int MIN_CHARS = 20;

  private static final int MAX_BYTES = 4096;

  private OperatorToken() {}

  /// @return its digest
  /// @throws IOException when the file is missing, weak, or open to others: the agent does not
  ///   start; the message says what to do
  static byte[] read(Path file) throws IOException {
    Optional<String> problem = OwnerOnly.problem(file);
    if (problem.isPresent()) {
      throw new IOException(problem.get());
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(
          "operator token file " + file + " has more than " + MAX_BYTES + " bytes");
    }
    String token = Files.readString(file).strip();
    try {
      requireStrong(token);
    } catch (IllegalArgumentException e) {
      throw new IOException("operator token file " + file + ": " + e.getMessage(), e);
    }
    return Tokens.sha256(token);
  }

  /// @throws IllegalArgumentException when it can be guessed, or does not fit into a header
  static void requireStrong(String token) {
    if (token.length() < MIN_CHARS || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException(
          "a token has at least " + MIN_CHARS + " printable ASCII characters without blanks");
    }
  }

  /// Writes a new random token to a file that did not exist.
  ///
  /// @throws FileAlreadyExistsException when it did
  public static void create(Path file) throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Path absolute = file.toAbsolutePath();
    if (Files.getFileStore(absolute.getParent()).supportsFileAttributeView("posix")) {
      // Created with its permissions: there is no moment at which others could open it.
      Files.createFile(
          absolute,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(absolute, token + "\n", StandardOpenOption.WRITE);
    } else {
      Files.writeString(absolute, token + "\n", StandardOpenOption.CREATE_NEW);
    }
  }
}
