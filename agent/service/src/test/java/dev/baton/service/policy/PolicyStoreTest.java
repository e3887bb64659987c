package dev.baton.service.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.MovePolicy;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.PolicyRequest;
import dev.baton.service.control.Refused;
import dev.baton.service.views.PolicyBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyStoreTest {
  @TempDir private Path folder;

  private final List<PolicyStore> opened = new ArrayList<>();

  private PolicyStore store(String name) throws IOException {
    PolicyStore store = PolicyStore.open(folder.resolve(name), Clock.systemUTC());
    opened.add(store);
    return store;
  }

  @AfterEach
  void close() {
    opened.forEach(PolicyStore::close);
  }

  private static PolicyRequest mode(@Nullable Long version, Mode mode) {
    return new PolicyRequest(version, mode, null, null, null, null, null, null, null, null, null);
  }

  @Test
  void whatWasChangedIsThereAfterARestart() throws IOException {
    PolicyStore store = store("one");
    assertThat(store.book().policy("app").policy()).isEqualTo(MovePolicy.DEFAULT);
    store.change("app", mode(null, Mode.AUTOMATIC), "alice");
    store.announce("a", new MaintenanceRequest(Instant.EPOCH, null, "kernel"), "bob");
    store.close();
    assertThat(store("one").book()).isEqualTo(store.book());
    assertThat(store("one").book().policy("app").policy().mode()).isEqualTo(Mode.AUTOMATIC);
    assertThat(store("one").book().policy("app").changedBy()).isEqualTo("alice");
  }

  @Test
  void copiesEndUpTheSameInWhateverOrderTheyMeet() throws IOException {
    PolicyStore one = store("one");
    PolicyStore two = store("two");
    one.change("app", mode(null, Mode.AUTOMATIC), "alice");
    two.change("app", mode(null, Mode.MANUAL), "bob"); // at the same time
    two.change("other", mode(null, Mode.MANUAL), "bob");
    one.announce("a", new MaintenanceRequest(null, null, "kernel"), "alice");
    PolicyBook first = one.book();
    PolicyBook second = two.book();
    one.merge(second);
    two.merge(first);
    assertThat(one.book()).isEqualTo(two.book());
    assertThat(one.book().policy("app").changedBy()).isEqualTo("alice");
    assertThat(one.book().policy("other").policy().mode()).isEqualTo(Mode.MANUAL);
    two.change("app", mode(null, Mode.OBSERVE), "bob");
    one.merge(two.book());
    assertThat(one.book().policy("app").policy().mode()).isEqualTo(Mode.OBSERVE);
    one.merge(first);
    assertThat(one.book()).as("an old copy changes nothing").isEqualTo(two.book());
  }

  @Test
  void aChangeOfWhatHasChangedSinceIsRefused() throws IOException {
    PolicyStore store = store("one");
    store.change("app", mode(0L, Mode.AUTOMATIC), "alice");
    assertThatThrownBy(() -> store.change("app", mode(0L, Mode.MANUAL), "bob"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("changed by alice");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Files.writeString(folder.resolve("bad"), "{");
    assertThatThrownBy(() -> store("bad"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("bad")
        .hasMessageContaining("move it away");
  }
}
