package dev.baton.installers;

import dev.baton.installers.Entry.Folder;
import dev.baton.installers.Entry.Link;
import dev.baton.installers.Entry.Regular;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.function.Function;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Writes a layout as a tar stream: in the order of the paths, of root, with one time for all.
///
/// @param time of every file
record TarWriter(Instant time) {
  /// @param out is not closed
  /// @param place what a path is called in the archive; an empty one leaves the entry out
  void write(Layout layout, OutputStream out, Function<String, String> place) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    for (Entry entry : layout.entries()) {
      String name = place.apply(entry.path());
      if (!name.isEmpty()) {
        write(tar, entry, name);
      }
    }
    tar.finish();
  }

  private void write(TarArchiveOutputStream tar, Entry entry, String name) throws IOException {
    switch (entry) {
      case Folder _ -> header(tar, new TarArchiveEntry(name + "/"), Entry.FOLDER_MODE);
      case Link link -> {
        TarArchiveEntry header = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        header.setLinkName(link.target());
        header(tar, header, 0777);
      }
      case Regular file -> {
        TarArchiveEntry header = new TarArchiveEntry(name);
        header.setSize(file.content().size());
        open(tar, header, file.mode());
        try (InputStream in = file.content().open()) {
          in.transferTo(tar);
        }
        tar.closeArchiveEntry();
      }
    }
  }

  private void header(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode)
      throws IOException {
    open(tar, entry, mode);
    tar.closeArchiveEntry();
  }

  private void open(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode)
      throws IOException {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("root", "root");
    entry.setModTime(time.toEpochMilli());
    tar.putArchiveEntry(entry);
  }
}
