package dev.baton.engine.postgres.replication;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Writes the archive of a base backup as files. Names that lead out of the target and kinds of
/// entry that no data directory has are refused.
final class BackupFiles {
  private BackupFiles() {}

  static void unpack(InputStream archive, Path target) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        write(tar, entry, target);
      }
      // What follows the last entry is read too, so that the sender can finish.
      archive.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("the copy has a file outside of it: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
    } else if (entry.isFile() && !entry.isSymbolicLink() && !entry.isLink()) {
      Files.createDirectories(path.getParent());
      Files.copy(tar, path);
    } else {
      throw new IOException("the copy has neither a file nor a folder: " + entry.getName());
    }
    Files.setPosixFilePermissions(path, permissions(entry.getMode(), entry.isDirectory()));
  }

  /// The server refuses a data directory that others can enter.
  static Set<PosixFilePermission> permissions(int mode, boolean directory) {
    Set<PosixFilePermission> set = EnumSet.copyOf(owner(directory));
    if ((mode & 0040) != 0) {
      set.add(PosixFilePermission.GROUP_READ);
      if (directory) {
        set.add(PosixFilePermission.GROUP_EXECUTE);
      }
    }
    return set;
  }

  private static Set<PosixFilePermission> owner(boolean directory) {
    return PosixFilePermissions.fromString(directory ? "rwx------" : "rw-------");
  }

  /// Forces everything to disk, so that a copy that is in place is whole also after a power cut.
  static void force(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        StandardOpenOption way =
            Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, way)) {
          channel.force(true);
        }
      }
    }
  }

  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
