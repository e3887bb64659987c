package dev.baton.console.rcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

class KeyStrokeTest {
  @Test
  void readsWhatE4Writes() {
    assertThat(KeyStroke.sequence("M1+M2+M F5"))
        .containsExactly(
            new KeyStroke(true, true, false, KeyCode.M),
            new KeyStroke(false, false, false, KeyCode.F5));
    assertThat(KeyStroke.sequence("CTRL+3"))
        .containsExactly(new KeyStroke(true, false, false, KeyCode.DIGIT3));
  }

  @Test
  void saysWhichKeyDoesNotExist() {
    assertThatThrownBy(() -> KeyStroke.sequence("M1+NOSUCH"))
        .hasMessageContaining("NOSUCH")
        .hasMessageContaining("M1+NOSUCH");
  }

  @Test
  void isDescribedForAMenu() {
    assertThat(KeyStroke.describe(KeyStroke.sequence("M1+M2+M"))).isEqualTo("Ctrl+Shift+M");
  }

  @Test
  void weightsShareTheRoom() {
    assertThat(Weights.dividers(List.of(1.0, 3.0))).containsExactly(0.25);
    assertThat(Weights.dividers(List.of(2.0, 1.0, 1.0))).containsExactly(0.5, 0.75);
    assertThat(Weights.dividers(List.of(7.0))).isEmpty();
  }
}
