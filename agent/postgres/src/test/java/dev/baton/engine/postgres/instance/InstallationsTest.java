package dev.baton.engine.postgres.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers as distributions install them, which here only say their version.
class InstallationsTest {
  @TempDir private Path root;

  private Path server(String folder, String version) throws IOException {
    Path bin = Files.createDirectories(root.resolve(folder).resolve("bin"));
    for (String program : new String[] {"postgres", "initdb"}) {
      Path file = bin.resolve(program);
      Files.writeString(file, "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    return bin;
  }

  @Test
  void theNewestIsFirst() throws IOException {
    Path nine = server("usr/lib/postgresql/9", "9.6");
    Path fifteen = server("usr/lib/postgresql/15", "15.18 (Debian 15.18-0+deb12u1)");
    Path seventeen = server("usr/pgsql-17", "17.2");
    Files.createDirectories(root.resolve("usr/lib/postgresql/18/bin")); // a client alone
    assertThat(Installations.find(root)).containsExactly(seventeen, fifteen, nine);
    assertThat(Installations.find(root.resolve("usr/lib/postgresql"))).isEmpty();
  }

  @Test
  void saysWhatIsThere() throws IOException {
    Path bin = server("usr/lib/postgresql/15", "15.18 (Debian 15.18-0+deb12u1)");
    Path data = root.resolve("data");
    assertThat(Installations.inspect(bin, data))
        .isEqualTo("PostgreSQL 15.18 in " + bin + "; no database yet in " + data);
    Files.createDirectories(data);
    Files.writeString(data.resolve("PG_VERSION"), "15\n");
    assertThat(Installations.inspect(bin, data)).endsWith("with the database in " + data);
  }

  @Test
  void saysWhatDoesNotFit() throws IOException {
    Path old = server("old", "13.1");
    assertThatThrownBy(() -> Installations.inspect(old, root))
        .hasMessageContaining("too old; 14 is the oldest");
    Path bin = server("new", "17.2");
    Files.writeString(root.resolve("PG_VERSION"), "15\n");
    assertThatThrownBy(() -> Installations.inspect(bin, root))
        .hasMessageContaining("is of version 15: set 'binaries'");
    assertThatThrownBy(() -> Installations.inspect(root.resolve("none"), root))
        .hasMessageContaining("no PostgreSQL server there");
  }
}
