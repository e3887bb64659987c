package dev.baton.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Files with secrets.
public final class OwnerOnly {
  private OwnerOnly() {}

  /// What is wrong with such a file, with the command that mends it; empty when it is there and its
  /// owner alone can read and write it.
  public static Optional<String> problem(Path file) {
    try {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        return Optional.of(file + " is not a file that this user can read");
      }
      Set<PosixFilePermission> tooMuch =
          EnumSet.of(
              PosixFilePermission.GROUP_READ,
              PosixFilePermission.GROUP_WRITE,
              PosixFilePermission.OTHERS_READ,
              PosixFilePermission.OTHERS_WRITE);
      tooMuch.retainAll(Files.getPosixFilePermissions(file));
      return tooMuch.isEmpty()
          ? Optional.empty()
          : Optional.of(file + " can be read by others than its owner; run: chmod 600 " + file);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.of(file + ": its permissions cannot be read: " + e);
    }
  }
}
