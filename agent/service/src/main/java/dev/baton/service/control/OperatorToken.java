package dev.baton.service.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/// The secret by which an operator may change something. It stands in a file that its owner alone
/// may read; only its digest is kept in RAM.
public final class OperatorToken {
  /// Shorter ones can be guessed.
  static final int MIN_CHARS = 20;

  private static final int MAX_BYTES = 4096;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final byte[] digest;

  private OperatorToken(String token) {
    this.digest = sha256(token);
  }

  /// @throws IOException when the file is missing, empty, weak, or open to others: the agent does
  ///   not start; the message says what to do
  public static OperatorToken read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "operator token file " + file + " is not there: create it, readable by its owner alone");
    }
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        throw new IOException(
            "operator token file "
                + file
                + " is open to others ("
                + PosixFilePermissions.toString(permissions)
                + "): run chmod 600 on it, and change the token, which others may have read");
      }
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(
          "operator token file " + file + " has more than " + MAX_BYTES + " bytes");
    }
    String token = Files.readString(file).strip();
    if (token.length() < MIN_CHARS || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IOException(
          "operator token file "
              + file
              + " must hold one line of at least "
              + MIN_CHARS
              + " printable ASCII characters without blanks");
    }
    return new OperatorToken(token);
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

  /// Takes the same time for every wrong token.
  boolean matches(String token) {
    return MessageDigest.isEqual(digest, sha256(token));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
