package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExportTest {
  @Test
  void fieldsAreQuotedWhereTheyMustBe() {
    assertThat(Export.csv(List.of(List.of("a", "b,c", "say \"x\"", "two\nlines"))))
        .isEqualTo("a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\"\r\n");
  }

  @Test
  void whatASpreadsheetWouldRunIsMadeText() {
    assertThat(Export.csv(List.of(List.of("=1+1", "@x", "-5", "plain"))))
        .isEqualTo("'=1+1,'@x,'-5,plain\r\n");
  }

  @Test
  void anEmptyTableHasItsHeadings() {
    assertThat(Export.movesAsCsv(List.of())).startsWith("service,id,kind,").endsWith("comment\r\n");
    assertThat(Export.sessionsAsCsv(List.of())).startsWith("id,client,user,");
  }
}
