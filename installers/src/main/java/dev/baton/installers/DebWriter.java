package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.baton.installers.Entry.Regular;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// Writes a package of Debian, as deb(5) has it.
///
/// @param time of every file in it
record DebWriter(Instant time) {
  /// @param control name of each file of the control part, with its text: `control`, `postinst`, …
  void write(Layout layout, SequencedMap<String, String> control, Path deb) throws IOException {
    Layout description = new Layout();
    description.text("control", control.getOrDefault("control", ""));
    for (Map.Entry<String, String> script : control.entrySet()) {
      if (!script.getKey().equals("control")) {
        description.script(script.getKey(), script.getValue());
      }
    }
    description.text("md5sums", sums(layout));
    String configuration = configuration(layout);
    if (!configuration.isEmpty()) {
      description.text("conffiles", configuration);
    }
    Path data = deb.resolveSibling(deb.getFileName() + ".data");
    try {
      try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(data));
          XZOutputStream xz = new XZOutputStream(file, new LZMA2Options())) {
        tar(layout, xz);
      }
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      try (XZOutputStream xz = new XZOutputStream(head, new LZMA2Options())) {
        tar(description, xz);
      }
      try (ArArchiveOutputStream ar = new ArArchiveOutputStream(Files.newOutputStream(deb))) {
        member(ar, "debian-binary", "2.0\n".getBytes(UTF_8));
        member(ar, "control.tar.xz", head.toByteArray());
        open(ar, "data.tar.xz", Files.size(data));
        Files.copy(data, ar);
        ar.closeArchiveEntry();
      }
    } finally {
      Files.deleteIfExists(data);
    }
  }

  private void tar(Layout layout, OutputStream out) throws IOException {
    new TarWriter(time).write(layout, out, path -> "./" + path);
  }

  private void member(ArArchiveOutputStream ar, String name, byte[] content) throws IOException {
    open(ar, name, content.length);
    ar.write(content);
    ar.closeArchiveEntry();
  }

  private void open(ArArchiveOutputStream ar, String name, long bytes) throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, bytes, 0, 0, 0100644, time.getEpochSecond()));
  }

  private static String configuration(Layout layout) {
    return layout.entries().stream()
        .filter(entry -> entry instanceof Regular file && file.configuration())
        .map(entry -> "/" + entry.path() + "\n")
        .collect(Collectors.joining());
  }

  private static String sums(Layout layout) throws IOException {
    StringBuilder sums = new StringBuilder();
    for (Entry entry : layout.entries()) {
      if (entry instanceof Regular file && !file.configuration()) {
        sums.append(md5(file)).append("  ").append(file.path()).append('\n');
      }
    }
    return sums.toString();
  }

  /// What dpkg compares installed files with, to find broken ones; it protects against nothing
  /// else.
  private static String md5(Regular file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      try (InputStream in = new DigestInputStream(file.content().open(), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
