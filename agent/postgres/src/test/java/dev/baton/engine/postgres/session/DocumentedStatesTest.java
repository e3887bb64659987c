package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The table of states in docs/sessions.md is the one that [SessionStatesIT] shows to be true.
final class DocumentedStatesTest {
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "sessions.md");

  @Test
  void theDocumentHasTheTableOfTheStates() throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .as("put the table between the lines with `states`")
        .contains("<!-- states -->\n" + SessionStates.table() + "<!-- end of states -->\n");
  }
}
