package dev.baton.service.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `baton`, run by the system's `sh` in folders with JDKs and a Maven that only pretend.
class LauncherTest {
  private static final Path SH = Path.of("/bin/sh");
  private static final int BOUND_SECONDS = 60;

  private final Map<String, String> environment = new HashMap<>();
  private Path home;
  private Path tools;
  private Path jdks;

  @TempDir private Path temporary;

  private record Result(int status, String out, String err) {}

  @BeforeEach
  void install() throws IOException {
    assumeTrue(Files.isExecutable(SH), "this system has no /bin/sh to run the launcher with");
    Path folder = temporary.toRealPath();
    home = Files.createDirectories(folder.resolve("with a blank/baton home"));
    tools = Files.createDirectories(folder.resolve("tools"));
    jdks = Files.createDirectories(folder.resolve("jdks"));
    Files.copy(script(), home.resolve("baton"));
    for (String tool : systemTools()) {
      link(tool);
    }
    environment.put("PATH", tools.toString());
    environment.put("HOME", folder.resolve("nobody").toString());
    environment.put("BATON_JAVA_PLACES", jdks.toString());
  }

  private static Path script() {
    Path module = Path.of("").toAbsolutePath();
    return Stream.of(module, module.resolve(".."), module.resolve("../.."))
        .map(folder -> folder.resolve("baton"))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no launcher at or above " + module));
  }

  private static List<String> systemTools() {
    return List.of(
        "sh",
        "awk",
        "sed",
        "head",
        "tail",
        "tr",
        "ls",
        "dirname",
        "basename",
        "cat",
        "mkdir",
        "rmdir",
        "rm",
        "mv",
        "cp",
        "find",
        "grep",
        "date",
        "sleep",
        "sort");
  }

  private void link(String tool) throws IOException {
    for (String folder : List.of("/usr/bin", "/bin")) {
      Path program = Path.of(folder, tool);
      if (Files.isExecutable(program)) {
        Files.createSymbolicLink(tools.resolve(tool), program);
        return;
      }
    }
    assumeTrue(false, "this system has no " + tool);
  }

  private static void program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /// A JDK whose `java` prints who it is and what it was given.
  private Path jdk(Path folder, String version) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    program(
        folder.resolve("bin/java"),
        "echo \"java "
            + version
            + "\"\nfor a in \"$@\"; do echo \"[$a]\"; done\n"
            + "echo \"launcher=$BATON_LAUNCHER\"\n");
    program(folder.resolve("bin/javac"), "");
    return folder;
  }

  /// The way of a package: jars in `lib`, nothing to build.
  private void packaged() throws IOException {
    Files.createDirectories(home.resolve("lib"));
  }

  /// The way of a source tree; Maven counts its runs and takes as long as `mvnTakes` says.
  private void sources(String mvn) throws IOException {
    Path module = home.resolve("agent/lab");
    Files.createDirectories(module.resolve("src/main/java"));
    Files.writeString(home.resolve("pom.xml"), "");
    Files.writeString(module.resolve("pom.xml"), "");
    Files.writeString(module.resolve("src/main/java/A.java"), "a");
    program(
        tools.resolve("mvn"),
        "echo run >>'"
            + runs()
            + "'\n"
            + "echo \"$JAVA_HOME\" >'"
            + temporary.resolve("java-home")
            + "'\n"
            + mvn
            + "mkdir -p agent/lab/target agent/service/target\n"
            + "cat agent/lab/src/main/java/A.java >agent/lab/target/lab-1.jar\n"
            + "echo lib >agent/service/target/library.jar\n"
            + "printf %s \"$PWD/agent/service/target/library.jar\""
            + " >agent/lab/target/baton.classpath\n");
  }

  private Path runs() {
    return temporary.resolve("runs");
  }

  private long builds() throws IOException {
    return Files.exists(runs()) ? Files.readAllLines(runs()).size() : 0;
  }

  private Process start(Path script, String... arguments) throws IOException {
    return prepared(script, arguments).start();
  }

  private ProcessBuilder prepared(Path script, String... arguments) {
    List<String> command = new ArrayList<>(List.of(SH.toString(), script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(jdks.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  private static Result end(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, err);
  }

  private Result baton(String... arguments) throws Exception {
    return end(start(home.resolve("baton"), arguments));
  }

  @Test
  void takesTheNewestSuitableJdkOfTheUsualPlaces() throws Exception {
    packaged();
    jdk(jdks.resolve("jdk-17"), "17.0.9");
    jdk(jdks.resolve("jdk-25"), "25.0.1");
    jdk(jdks.resolve("jdk-25-newer"), "25.0.10");
    jdk(jdks.resolve("jdk-9"), "9.0.4");
    Files.createDirectories(jdks.resolve("empty"));
    assertThat(baton("status").out()).startsWith("java 25.0.10");
  }

  @Test
  void prefersWhatTheUserHasChosen() throws Exception {
    packaged();
    jdk(jdks.resolve("jdk-27"), "27");
    environment.put("JAVA_HOME", jdk(temporary.resolve("old"), "21.0.2").toString());
    assertThat(baton().out()).startsWith("java 27");
    environment.put("JAVA_HOME", jdk(temporary.resolve("good"), "25").toString());
    assertThat(baton().out()).startsWith("java 25");
    environment.put("BATON_JAVA_HOME", jdk(temporary.resolve("own"), "26.0.1").toString());
    assertThat(baton().out()).startsWith("java 26.0.1");
  }

  @Test
  void doesNotPassOverAChoiceThatIsNone() throws Exception {
    packaged();
    jdk(jdks.resolve("jdk-25"), "25");
    environment.put("BATON_JAVA_HOME", jdk(temporary.resolve("old"), "21").toString());
    Result result = baton();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("is no JDK 25 or later");
  }

  @Test
  void takesTheJavaOnThePathThroughItsLinks() throws Exception {
    packaged();
    jdk(jdks.resolve("jdk-27"), "27");
    Path jdk = jdk(temporary.toRealPath().resolve("path jdk"), "25.0.3");
    Path alternative = Files.createDirectories(temporary.resolve("alternatives")).resolve("java");
    Files.createSymbolicLink(alternative, jdk.resolve("bin/java"));
    Files.createSymbolicLink(tools.resolve("java"), Path.of("../alternatives/java"));
    assertThat(baton().out()).startsWith("java 25.0.3");
  }

  @Test
  void asksAShimForItsJdk() throws Exception {
    packaged();
    Path jdk = jdk(temporary.toRealPath().resolve("managed"), "25.0.4");
    program(tools.resolve("java"), "echo '    java.home = " + jdk + "' >&2\n");
    assertThat(baton().out()).startsWith("java 25.0.4");
  }

  @Test
  void saysInOneSentenceWhatToInstall() throws Exception {
    packaged();
    jdk(jdks.resolve("jdk-17"), "17");
    Result result = baton();
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("needs a JDK 25 or later").contains("adoptium.net");
  }

  @Test
  void worksThroughLinksFromAnyFolderAndPassesArgumentsAsTheyAre() throws Exception {
    packaged();
    jdk(jdks.resolve("jdk-25"), "25");
    Path link = Files.createSymbolicLink(temporary.resolve("b1"), home.resolve("baton"));
    Path second = Files.createSymbolicLink(temporary.resolve("b2"), link.getFileName());
    Result result = end(start(second, "plan", "--reason", "two  words *", ""));
    assertThat(result.out().lines())
        .containsSubsequence(
            "[--enable-native-access=ALL-UNNAMED]",
            "[-cp]",
            "[" + home + "/lib/*]",
            "[dev.baton.service.cli.Baton]",
            "[plan]",
            "[--reason]",
            "[two  words *]",
            "[]",
            "launcher=" + home + "/baton");
  }

  @Test
  void buildsOnceAndAgainWhenSourcesChange() throws Exception {
    sources("");
    Path jdk = jdk(jdks.resolve("jdk-25"), "25");
    Result first = baton("status");
    assertThat(first.status()).as(first.err()).isEqualTo(0);
    assertThat(first.err()).contains("building for the first time");
    assertThat(Files.readString(temporary.resolve("java-home")).strip()).isEqualTo(jdk.toString());
    Result second = baton("status");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    Path source = home.resolve("agent/lab/src/main/java/A.java");
    Files.writeString(source, "changed");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(baton("status").err()).contains("the sources have changed");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aDeletedSourceIsAChangeToo() throws Exception {
    sources("");
    jdk(jdks.resolve("jdk-25"), "25");
    baton("status");
    Path folder = home.resolve("agent/lab/src/main/java");
    Files.writeString(folder.resolve("B.java"), "b");
    Files.delete(folder.resolve("B.java"));
    Files.setLastModifiedTime(folder, FileTime.from(Instant.now().plusSeconds(5)));
    baton("status");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void whatRunsKeepsItsJarsWhenTheNextIsBuilt() throws Exception {
    sources("");
    jdk(jdks.resolve("jdk-25"), "25");
    Path before = ownJar(baton("status"));
    assertThat(Files.readString(before)).isEqualTo("a");
    Path source = home.resolve("agent/lab/src/main/java/A.java");
    Files.writeString(source, "changed");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    Path after = ownJar(baton("status"));
    assertThat(Files.readString(after)).isEqualTo("changed");
    assertThat(Files.readString(before)).isEqualTo("a");
  }

  private static Path ownJar(Result result) {
    String classPath =
        result
            .out()
            .lines()
            .dropWhile(line -> !line.equals("[-cp]"))
            .skip(1)
            .findFirst()
            .orElseThrow();
    return Path.of(classPath.substring(1, classPath.indexOf(':')));
  }

  @Test
  void twoStartsAtOnceBuildOnce() throws Exception {
    Path seen = temporary.resolve("seen");
    sources("while [ ! -e '" + seen + "' ]; do sleep 0.1; done\n");
    jdk(jdks.resolve("jdk-25"), "25");
    List<Path> said = List.of(temporary.resolve("first"), temporary.resolve("second"));
    List<Process> started = new ArrayList<>();
    for (Path errors : said) {
      started.add(prepared(home.resolve("baton"), "status").redirectError(errors.toFile()).start());
    }
    Await.until(
        "one waits for the other",
        () ->
            Stream.of(Files.readString(said.get(0)), Files.readString(said.get(1)))
                .anyMatch(each -> each.contains("another start is building")));
    Files.createFile(seen);
    for (Process each : started) {
      assertThat(end(each).status()).isEqualTo(0);
    }
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void theLockOfADeadStartDoesNotHold() throws Exception {
    sources("");
    jdk(jdks.resolve("jdk-25"), "25");
    Process dead = new ProcessBuilder(SH.toString(), "-c", "exit 0").start();
    assertThat(dead.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    Path lock = Files.createDirectories(home.resolve(".baton/build/lock"));
    Files.writeString(lock.resolve("pid"), Long.toString(dead.pid()));
    assertThat(baton("status").status()).isEqualTo(0);
    assertThat(lock).doesNotExist();
  }

  @Test
  void aFailedBuildSaysWhyAndStartsNothing() throws Exception {
    sources("echo '[WARNING] /x/A.java:[1,2] odd'\necho '[ERROR] it does not compile'\nexit 1\n");
    jdk(jdks.resolve("jdk-25"), "25");
    Result result = baton("status");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("A.java:[1,2] odd", "it does not compile", "the build failed");
    assertThat(home.resolve(".baton/build/lock")).doesNotExist();
  }

  @Test
  void saysThatMavenIsMissing() throws Exception {
    sources("");
    Files.delete(tools.resolve("mvn"));
    jdk(jdks.resolve("jdk-25"), "25");
    Result result = baton("status");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("needs Maven 3.8 or later");
  }

  /// A JDK whose `java` makes a start-up cache as `how` says when asked to, and counts that.
  private Path trainable(String how) throws IOException {
    Path jdk = jdk(jdks.resolve("jdk-25"), "25");
    Path java = jdk.resolve("bin/java");
    String text = Files.readString(java);
    program(
        java,
        "for a in \"$@\"; do\n  if [ \"$a\" = train ]; then echo run >>'%s'; for f; do :; done; %s; fi\ndone\n"
                .formatted(trainings(), how)
            + text);
    return jdk;
  }

  private Path trainings() {
    return temporary.resolve("trainings");
  }

  @Test
  void aPackageRunsOnItsOwnRuntimeAndItsJarsInTheirOrder() throws Exception {
    packaged();
    jdk(jdks.resolve("jdk-25"), "25");
    Path runtime = jdk(home.resolve("runtime"), "25.0.9");
    Files.delete(runtime.resolve("bin/javac"));
    Files.writeString(home.resolve("lib/classpath"), "service.jar\nnetty.jar\n");
    Files.writeString(home.resolve("lib/agent.aot"), "cache");
    environment.put("JAVA_HOME", jdks.resolve("jdk-25").toString());
    Result result = baton("agent");
    assertThat(result.out())
        .startsWith("java 25.0.9")
        .contains("[" + home + "/lib/service.jar:" + home + "/lib/netty.jar]")
        .contains("[-XX:AOTCache=" + home + "/lib/agent.aot]");
  }

  @Test
  void aPackageSendsToTheConsolesOwn() throws Exception {
    packaged();
    jdk(home.resolve("runtime"), "25");
    Result without = baton("console");
    assertThat(without.status()).isEqualTo(1);
    assertThat(without.err()).contains("baton-console; install it");
    program(tools.resolve("baton-console"), "echo \"window $*\"\n");
    assertThat(baton("console", "--connect", "http://h:1").out())
        .isEqualTo("window --connect http://h:1\n");
    assertThat(baton("screenshots", "D").out()).isEqualTo("window screenshots D\n");
  }

  @Test
  void agentsStartWithTheCacheThatATrialHasLeft() throws Exception {
    sources("");
    trainable("echo cache >\"$f\"; exit 0");
    assertThat(baton("status").out()).doesNotContain("AOTCache");
    assertThat(baton("demo", "--help").out()).doesNotContain("AOTCache");
    assertThat(trainings()).doesNotExist();
    Result first = baton("demo");
    assertThat(first.err()).contains("making the start-up cache");
    Path cache = ownJar(first).resolveSibling("agent.aot");
    assertThat(first.out()).contains("[-XX:AOTCache=" + cache + "]", "[-Dbaton.cache=" + cache);
    Result second = baton("agent");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).contains("[-XX:AOTCache=" + cache + "]");
    assertThat(Files.readAllLines(trainings())).hasSize(1);
  }

  /// The JVM complains of it to anybody else.
  @Test
  void theCompilerYieldsWhereRootStartsAnAgent() throws Exception {
    jdk(jdks.resolve("25"), "25.0.1");
    sources("");
    environment.put("BATON_TRAIN", "no");
    String yields = "[-XX:CompilerThreadPriority=10]";
    program(tools.resolve("id"), "echo 0\n");
    assertThat(baton("agent").out()).contains(yields);
    assertThat(baton("status").out()).doesNotContain(yields);
    program(tools.resolve("id"), "echo 1000\n");
    assertThat(baton("agent").out()).doesNotContain(yields);
  }

  @Test
  void withoutACacheItGoesOnAndDoesNotTryAgain() throws Exception {
    sources("");
    trainable("echo no port is free; exit 1");
    Result first = baton("demo");
    assertThat(first.status()).isEqualTo(0);
    assertThat(first.out()).contains("[demo]").doesNotContain("AOTCache");
    assertThat(first.err()).contains("no start-up cache was made").contains("/training/log");
    assertThat(baton("demo").err()).isEmpty();
    assertThat(Files.readAllLines(trainings())).hasSize(1);
  }

  @Test
  void theConsolesNextStartHasTheCacheThatIsMadeBesideItsFirst() throws Exception {
    sources(
        """
        mkdir -p console-gui/target
        echo jar >console-gui/target/console-gui-1.jar
        echo other.jar >console-gui/target/baton.classpath
        """);
    Path java = jdk(jdks.resolve("jdk-25"), "25").resolve("bin/java");
    program(
        java,
        """
        for a in "$@"; do
          case $a in
            -XX:AOTCacheOutput=*) echo run >>'%s'; echo cache >"${a#*=}"; exit 0 ;;
          esac
        done
        """
                .formatted(trainings())
            + Files.readString(java));
    assertThat(baton("console", "--help").out()).doesNotContain("AOTCache");
    assertThat(trainings()).doesNotExist();

    Result first = baton("console");
    assertThat(first.out()).contains("[dev.baton.console.ConsoleMain]").doesNotContain("AOTCache");
    Await.until(
        "the cache, for which nobody waits",
        () -> {
          String next = baton("console").out();
          return next.contains("[-XX:AOTCache=") && next.contains("/console.aot]");
        });
    assertThat(Files.readAllLines(trainings())).hasSize(1);
  }
}
