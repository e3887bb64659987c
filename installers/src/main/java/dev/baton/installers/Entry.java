package dev.baton.installers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Something that a package installs. All of it belongs to root.
sealed interface Entry {
  int FOLDER_MODE = 0755;
  int FILE_MODE = 0644;
  int PROGRAM_MODE = 0755;

  /// Where it is installed, from the root and without a slash in front: `usr/bin/baton`.
  String path();

  record Folder(String path) implements Entry {}

  /// @param configuration whether an operator's changes outlive an upgrade
  record Regular(String path, int mode, Content content, boolean configuration) implements Entry {}

  /// @param target as it stands in the link
  record Link(String path, String target) implements Entry {}

  /// Bytes of a file, in RAM or on disk.
  sealed interface Content {
    long size() throws IOException;

    InputStream open() throws IOException;

    final class InMemory implements Content {
      private final byte[] bytes;

      /// @param bytes not changed from now on
      InMemory(byte[] bytes) {
        this.bytes = bytes;
      }

      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    }

    record OnDisk(Path file) implements Content {
      @Override
      public long size() throws IOException {
        return Files.size(file);
      }

      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(file);
      }
    }
  }
}
