package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.model.QuickAccess.Item;
import dev.baton.console.model.QuickAccess.Kind;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuickAccessTest {
  private static Item item(Kind kind, String text, String detail) {
    return new Item(kind, text, detail, () -> {});
  }

  @Test
  void everyWordMustOccurAndTheBeginningCountsMost() {
    List<Item> items =
        List.of(
            item(Kind.SESSION, "alice@10.0.0.1", "app: ledger, idle"),
            item(Kind.COMMAND, "Force failover", "Ctrl+Shift+M"),
            item(Kind.COMMAND, "Filter sessions", "Ctrl+F"),
            item(Kind.SERVICE, "app", "shop, home a"));

    assertThat(QuickAccess.find(items, "f")).extracting(Item::text).startsWith("Filter sessions");
    assertThat(QuickAccess.find(items, "fail"))
        .extracting(Item::text)
        .containsExactly("Force failover");
    assertThat(QuickAccess.find(items, "APP idle"))
        .extracting(Item::text)
        .containsExactly("alice@10.0.0.1");
    assertThat(QuickAccess.find(items, "app")).extracting(Item::text).first().isEqualTo("app");
    assertThat(QuickAccess.find(items, "nothing")).isEmpty();
    assertThat(QuickAccess.find(items, " ")).hasSize(4);
  }

  @Test
  void tenThousandSessionsGiveAsManyAsOneReads() {
    List<Item> items =
        IntStream.range(0, 10_000).mapToObj(i -> item(Kind.SESSION, "u@" + i, "")).toList();
    assertThat(QuickAccess.find(items, "u")).hasSize(QuickAccess.MAX_FOUND);
  }
}
