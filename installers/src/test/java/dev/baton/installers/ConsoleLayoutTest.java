package dev.baton.installers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.installers.Entry.Regular;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/// What the console's package installs beside the application: entries of the desktop, icons in all
/// sizes, the kind of recordings.
class ConsoleLayoutTest {
  private final ConsoleLayout console =
      new ConsoleLayout(Path.of("..").toAbsolutePath().normalize());
  private Layout layout;

  @BeforeEach
  void listed() throws IOException {
    layout = console.descriptors();
  }

  private Regular file(String path) {
    return (Regular) layout.find(path).orElseThrow(() -> new AssertionError("no " + path));
  }

  private List<String> lines(String path) throws IOException {
    return new String(file(path).content().open().readAllBytes(), UTF_8).lines().toList();
  }

  @Test
  void iconsAreThereInTheSizesThatTheySay() throws IOException {
    for (int size : ConsoleLayout.ICON_SIZES) {
      try (InputStream in =
          file("usr/share/icons/hicolor/%dx%d/apps/baton-console.png".formatted(size, size))
              .content()
              .open()) {
        BufferedImage icon = ImageIO.read(in);
        assertThat(icon.getWidth()).isEqualTo(size);
        assertThat(icon.getHeight()).isEqualTo(size);
        assertThat(icon.getRGB(0, 0) >>> 24).as("the corner is clear").isZero();
      }
    }
  }

  @Test
  void entriesOfTheDesktopStartWhatIsInstalledWithAnIconThatIs() throws IOException {
    for (String entry : List.of("baton-console.desktop", "baton-recording.desktop")) {
      List<String> lines = lines("usr/share/applications/" + entry);
      assertThat(lines.getFirst()).isEqualTo("[Desktop Entry]");
      assertThat(lines).contains("Type=Application", "Icon=baton-console");
      assertThat(lines).anyMatch(line -> line.matches("Exec=baton-console( --open %f)?"));
    }
    assertThat(layout.find("usr/bin/baton-console")).isPresent();
  }

  @Test
  void theKindOfRecordingsThatAnEntryOpensIsTold() throws Exception {
    Element type;
    try (InputStream in = file("usr/share/mime/packages/baton-console.xml").content().open()) {
      type =
          (Element)
              DocumentBuilderFactory.newNSInstance()
                  .newDocumentBuilder()
                  .parse(in)
                  .getElementsByTagName("mime-type")
                  .item(0);
    }
    assertThat(lines("usr/share/applications/baton-recording.desktop"))
        .contains("MimeType=" + type.getAttribute("type") + ";");
    assertThat(type.getElementsByTagName("glob").getLength()).isEqualTo(1);
  }
}
