package dev.baton.engine.postgres.instance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The server that comes on the class path as an archive, unpacked into a cache folder that belongs
/// to this user. The folder's name is the archive's digest, so another version never meets it.
final class ServerArchive {
  private ServerArchive() {}

  /// Safe with several processes at once: each unpacks aside, the first to finish gives it the name
  /// that counts.
  static Path unpacked() throws IOException {
    String resource = resource();
    byte[] archive;
    try (InputStream in = ServerArchive.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(
            "no PostgreSQL server configured, and no "
                + resource
                + " on the class path: set the folder of the server's programs");
      }
      archive = in.readAllBytes();
    }
    Path cache = cacheFolder();
    Path target = cache.resolve("postgres-" + digest(archive));
    if (!Files.isDirectory(target)) {
      unpackTo(cache, target, archive);
    }
    return target;
  }

  private static void unpackTo(Path cache, Path target, byte[] archive) throws IOException {
    Path aside = Files.createTempDirectory(cache, "unpacking-");
    try {
      unpack(archive, aside);
      Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      DataDirectory.delete(aside); // another process was first
    } catch (FileSystemException e) {
      DataDirectory.delete(aside);
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
  }

  private static void unpack(byte[] archive, Path into) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new BufferedInputStream(
                new XZInputStream(new java.io.ByteArrayInputStream(archive)), 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = into.resolve(entry.getName()).normalize();
        if (!file.startsWith(into)) {
          throw new IOException("archive entry leads out of its folder: " + entry.getName());
        }
        write(tar, entry, file);
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      readableByAll(file, true);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
      readableByAll(file, (entry.getMode() & 0100) != 0);
    }
  }

  /// The server may run under another user's id than the one that unpacks.
  private static void readableByAll(Path file, boolean executable) throws IOException {
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  /// Of this user alone: in a shared folder somebody else could have put programs of his own there
  /// before, which we would run.
  private static Path cacheFolder() throws IOException {
    IOException refused = new IOException("no folder to unpack the PostgreSQL server into");
    for (Path folder : candidates()) {
      try {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        checkOwn(folder);
        return folder;
      } catch (IOException e) {
        refused.addSuppressed(e);
      }
    }
    throw refused;
  }

  private static Path[] candidates() {
    String user = System.getProperty("user.name");
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "baton-" + user);
    Path own =
        user.equals("root") // its home is closed to the user that the server runs as
            ? Path.of("/var/cache/baton")
            : Path.of(System.getProperty("user.home"), ".cache", "baton");
    return new Path[] {own, temporary};
  }

  private static void checkOwn(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "owner-", "");
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
      if (!Files.getOwner(folder).equals(Files.getOwner(probe))
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IOException(folder + " is not this user's own folder");
      }
    } finally {
      Files.delete(probe);
    }
  }

  private static String resource() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch");
    String name =
        system.startsWith("mac") ? "darwin" : system.startsWith("win") ? "windows" : "linux";
    return "/postgres-" + name + (processor.equals("aarch64") ? "-arm_64" : "-x86_64") + ".txz";
  }

  private static String digest(byte[] archive) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(archive);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
