package dev.baton.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
  private static final Pattern MODEL_KEY = Pattern.compile("\"%([A-Za-z.]+)\"");

  @Test
  void everyTextAndEveryLabelOfTheModelIsInTheBundleAndNothingElse() throws IOException {
    Set<String> wanted =
        Arrays.stream(Text.values()).map(Text::key).collect(Collectors.toCollection(TreeSet::new));
    wanted.addAll(keysOfTheModel());

    assertThat(new TreeSet<>(bundle().stringPropertyNames())).isEqualTo(wanted);
  }

  @Test
  void labelsOfTheModelAreReadableAsLatin1() throws IOException {
    Properties bundle = bundle();
    for (String line : resource("/dev/baton/console/text/messages.properties").split("\n")) {
      String key = line.split(" = ")[0];
      if (keysOfTheModel().contains(key)) {
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(line)).as(line).isTrue();
        assertThat(bundle.getProperty(key)).isNotBlank();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"de"})
  void everyOtherLanguageHasTheSameKeysWithTheSameArguments(String language) throws IOException {
    Properties english = bundle();
    Properties other = bundle("messages_" + language);

    assertThat(new TreeSet<>(other.stringPropertyNames()))
        .isEqualTo(new TreeSet<>(english.stringPropertyNames()));
    for (String key : english.stringPropertyNames()) {
      assertThat(arguments(other.getProperty(key)))
          .as(key)
          .isEqualTo(arguments(english.getProperty(key)));
    }
  }

  private static Set<String> arguments(String text) {
    Set<String> arguments = new TreeSet<>();
    Matcher matcher = Pattern.compile("\\{\\d}").matcher(text);
    while (matcher.find()) {
      arguments.add(matcher.group());
    }
    return arguments;
  }

  @ParameterizedTest
  @EnumSource(Text.class)
  void argumentsArePutInAndNoneIsLeft(Text text) {
    String shown = text.of("A", "B", "C", "D", "E", "F", "G", "H", "I");

    assertThat(shown).isNotBlank().doesNotContain("{").doesNotContain("''");
  }

  private static Set<String> keysOfTheModel() throws IOException {
    Set<String> keys = new TreeSet<>();
    Matcher matcher = MODEL_KEY.matcher(resource("/Application.e4xmi"));
    while (matcher.find()) {
      keys.add(matcher.group(1));
    }
    assertThat(keys).isNotEmpty();
    return keys;
  }

  private static Properties bundle() throws IOException {
    return bundle("messages");
  }

  private static Properties bundle(String name) throws IOException {
    Properties bundle = new Properties();
    try (InputStream in = open("/dev/baton/console/text/" + name + ".properties")) {
      bundle.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
    return bundle;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(TextTest.class.getResourceAsStream(name), name);
  }
}
