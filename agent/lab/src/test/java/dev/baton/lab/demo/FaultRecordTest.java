package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultRecordTest {
  private static final String EMPTY =
      """
      # Faults
      words
      | fault / when / clients | runs | held | last verdict | commit | date |
      |---|---|---|---|---|---|
      """;

  @TempDir Path folder;

  @Test
  void goesOnWhereItWasBrokenOff() throws Exception {
    Path file = folder.resolve("faults.md");
    Files.writeString(file, EMPTY);
    FaultRecord first = FaultRecord.read(file, List.of("one", "two"));
    assertThat(first.next()).isEqualTo("one");
    first.add("one", FaultRecord.HELD, "abc", "today");

    FaultRecord second = FaultRecord.read(file, List.of("one", "two"));
    assertThat(second.next()).isEqualTo("two");
    second.add("two", "2 lost", "def", "tomorrow");
    second.add("one", FaultRecord.HELD, "def", "tomorrow");

    assertThat(Files.readString(file))
        .isEqualTo(
            EMPTY
                + "| one | 2 | 2 | held | def | tomorrow |\n"
                + "| two | 1 | 0 | 2 lost | def | tomorrow |\n");
    FaultRecord third = FaultRecord.read(file, List.of("two", "three"));
    assertThat(third.next()).isEqualTo("three");
    assertThat(third.row("two")).isEqualTo(new FaultRecord.Row(1, 0, "2 lost", "def", "tomorrow"));
  }

  @Test
  void overwritesNothingThatIsNoRecord() throws Exception {
    Path file = folder.resolve("other.md");
    Files.writeString(file, "# Something else\n");
    assertThatThrownBy(() -> FaultRecord.read(file, List.of("one")))
        .isInstanceOf(IOException.class);
  }

  /// The document in docs has the form that the nightly run reads.
  @Test
  void theDocumentIsARecord() throws Exception {
    List<String> cells = FaultMatrix.cells().stream().map(FaultMatrix.Cell::name).toList();
    assertThat(cells).doesNotHaveDuplicates();
    FaultRecord.read(FaultMatrixIT.DOCUMENT, cells);
  }
}
