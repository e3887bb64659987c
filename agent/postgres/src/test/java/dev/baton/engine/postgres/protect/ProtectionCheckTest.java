package dev.baton.engine.postgres.protect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.engine.Finding;
import dev.baton.core.engine.Finding.Severity;
import dev.baton.engine.postgres.protect.InstanceFacts.Database;
import dev.baton.engine.postgres.protect.InstanceFacts.Password;
import dev.baton.engine.postgres.protect.InstanceFacts.Prepared;
import dev.baton.engine.postgres.protect.InstanceFacts.RoleSetting;
import dev.baton.engine.postgres.protect.InstanceFacts.RuleProblem;
import dev.baton.engine.postgres.protect.InstanceFacts.Setting;
import dev.baton.engine.postgres.protect.InstanceFacts.Slot;
import dev.baton.engine.postgres.protect.InstanceFacts.Standby;
import dev.baton.engine.postgres.protect.InstanceFacts.Tablespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One thing is wrong with an instance at a time; it alone is found, with its gravity.
class ProtectionCheckTest {
  private static final HostFacts A =
      new HostFacts("a", "16.4", Set.of("plpgsql", "pg_trgm"), 10L << 30, true, "glibc 2.36");
  private static final HostFacts B =
      new HostFacts("b", "16.4", Set.of("plpgsql", "pg_trgm"), 10L << 30, false, "glibc 2.36");

  private final Map<String, Setting> settings = new HashMap<>();
  private int version = 160_004;
  private boolean inRecovery;
  private List<RoleSetting> roleSettings = List.of();
  private Database database =
      new Database("shop", 1L << 30, "c", "en_US.UTF-8", List.of(), 0, List.of("pg_trgm"));
  private List<Tablespace> tablespaces = List.of();
  private List<Slot> slots = List.of();
  private List<Standby> standbys = List.of();
  private List<Prepared> prepared = List.of();
  private List<Password> passwords = List.of(new Password("clerk", "scram-sha-256"));
  private List<String> missingRights = List.of();
  private List<RuleProblem> rules = List.of();
  private HostFacts home = A;
  private @Nullable HostFacts target = B;

  ProtectionCheckTest() {
    set("config_file", "/data/postgresql.conf", "override", "");
    set("hba_file", "/data/pg_hba.conf", "override", "");
    set("ident_file", "/data/pg_ident.conf", "override", "");
    set("port", "5432", "configuration file", "/data/postgresql.conf line 3");
    set("max_connections", "300", "configuration file", "/data/postgresql.conf line 4");
    set("archive_mode", "off", "default", "");
  }

  private void set(String name, String value, String source, String file) {
    settings.put(name, new Setting(value, source, "postmaster", file));
  }

  private List<Finding> findings() {
    InstanceFacts facts =
        new InstanceFacts(
            version,
            inRecovery,
            "/data",
            settings,
            roleSettings,
            List.of(database),
            tablespaces,
            slots,
            standbys,
            prepared,
            passwords,
            missingRights,
            rules,
            7);
    return new ProtectionCheck(
            facts, home, target, Set.of("port", "listen_addresses"), false, 512L << 20)
        .findings();
  }

  /// Beside the restart, which is told in any case.
  private Finding only(Severity severity) {
    List<Finding> told =
        findings().stream()
            .filter(each -> each.severity() != Severity.PASSES)
            .filter(each -> !each.what().equals("restart"))
            .toList();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().severity()).isEqualTo(severity);
    assertThat(told.getFirst().remedy()).isNotEmpty();
    return told.getFirst();
  }

  @Test
  void anOrdinaryInstanceIsOnlyRestarted() {
    onlyRestart();
  }

  private void onlyRestart() {
    assertThat(findings())
        .filteredOn(each -> each.severity() != Severity.PASSES)
        .singleElement()
        .satisfies(
            restart -> {
              assertThat(restart.what()).isEqualTo("restart");
              assertThat(restart.found()).contains("7 clients");
            });
  }

  @ParameterizedTest
  @CsvSource({"140012, BLOCKS", "190001, WARNS"})
  void versionsThatWereNotTried(int number, Severity severity) {
    version = number;
    home = withVersion(A, number / 10_000);
    target = withVersion(B, number / 10_000);
    assertThat(only(severity).what()).isEqualTo("version");
  }

  private static HostFacts withVersion(HostFacts host, int major) {
    return new HostFacts(
        host.host(),
        major + ".1",
        host.libraries(),
        host.freeBytes(),
        host.holdsData(),
        host.cLibrary());
  }

  @Test
  void programsOfAnotherVersionAtEitherHost() {
    home = withVersion(A, 18);
    assertThat(only(Severity.BLOCKS).where()).isEqualTo("host a");
    home = A;
    target = withVersion(B, 15);
    assertThat(only(Severity.BLOCKS).where()).isEqualTo("host b");
  }

  @Test
  void anUnknownTargetIsTold() {
    target = null;
    assertThat(only(Severity.WARNS).what()).isEqualTo("the standby's host");
  }

  @Test
  void filesElsewhereDoNotComeAlong() {
    set("hba_file", "/etc/postgresql/16/main/pg_hba.conf", "override", "");
    assertThat(only(Severity.BLOCKS).what()).isEqualTo("hba_file");
    set("hba_file", "/data/other.conf", "configuration file", "/data/postgresql.conf line 1");
    assertThat(only(Severity.BLOCKS).remedy()).contains("/data/pg_hba.conf");
    set("hba_file", "/data/pg_hba.conf", "override", "");
    set("work_mem", "4096", "configuration file", "/etc/tuning.conf line 1");
    assertThat(only(Severity.BLOCKS).where()).isEqualTo("/etc/tuning.conf line 1");
  }

  @Test
  void alterSystemGoesBeforeBatonOnlyInWhatBatonSets() {
    set("work_mem", "4096", "configuration file", "/data/postgresql.auto.conf line 3");
    onlyRestart();
    set("port", "5432", "configuration file", "/data/postgresql.auto.conf line 4");
    assertThat(only(Severity.BLOCKS).remedy()).isEqualTo("ALTER SYSTEM RESET port");
  }

  @Test
  void whatIsOnTheCommandLineIsLost() {
    set("shared_buffers", "16384", "command line", "");
    assertThat(only(Severity.WARNS).what()).isEqualTo("shared_buffers");
  }

  @Test
  void othersThatReceiveTheLog() {
    set("synchronous_standby_names", "other", "default", "");
    assertThat(only(Severity.BLOCKS).what()).isEqualTo("synchronous_standby_names");
    set("synchronous_standby_names", "", "default", "");
    standbys = List.of(new Standby("other", "10.0.0.3", "streaming"));
    assertThat(only(Severity.BLOCKS).where()).contains("10.0.0.3");
    standbys = List.of();
    slots = List.of(new Slot("feed", "logical", false));
    assertThat(only(Severity.BLOCKS).where()).isEqualTo("feed");
    slots = List.of(new Slot("old", "physical", false));
    assertThat(only(Severity.WARNS).remedy()).contains("pg_drop_replication_slot('old')");
  }

  @Test
  void aStandbyIsNotProtected() {
    inRecovery = true;
    assertThat(only(Severity.BLOCKS).what()).isEqualTo("role");
  }

  @Test
  void anArchiveGoesOnElsewhere() {
    set("archive_mode", "on", "configuration file", "/data/postgresql.conf line 9");
    set(
        "archive_command",
        "cp %p /backup/%f",
        "configuration file",
        "/data/postgresql.conf line 8");
    assertThat(only(Severity.WARNS).found()).contains("cp %p /backup/%f");
  }

  @Test
  void contentThatWouldNotBeTheSame() {
    tablespaces = List.of(new Tablespace("fast", "/ssd"));
    assertThat(only(Severity.BLOCKS).found()).contains("/ssd");
    tablespaces = List.of();
    prepared = List.of(new Prepared("t1", "shop", 3600));
    assertThat(only(Severity.WARNS).where()).contains("t1");
    prepared = List.of(new Prepared("t1", "shop", 2));
    onlyRestart();
    prepared = List.of();
    database = new Database("shop", 1, "c", "C", List.of(), 3, List.of());
    assertThat(only(Severity.WARNS).what()).isEqualTo("unlogged tables");
    database = new Database("shop", 1, "c", "C", List.of("de_DE"), 0, List.of());
    assertThat(only(Severity.WARNS).what()).isEqualTo("collation");
  }

  @Test
  void libraries() {
    database = new Database("shop", 1, "c", "C", List.of(), 0, List.of("postgis-3"));
    assertThat(findings())
        .filteredOn(each -> each.severity() == Severity.BLOCKS)
        .extracting(Finding::where)
        .containsExactly("host a", "host b");
    database = new Database("shop", 1, "c", "C", List.of(), 0, List.of());
    set("shared_preload_libraries", "pg_trgm, \"auto_explain\"", "default", "");
    home = new HostFacts("a", "16.4", Set.of("pg_trgm", "auto_explain"), 1, true, "");
    target = new HostFacts("b", "16.4", Set.of("pg_trgm"), 10L << 30, false, "");
    assertThat(only(Severity.BLOCKS).found())
        .isEqualTo("auto_explain is not there, used by shared_preload_libraries");
  }

  @Test
  void anotherCLibraryOrdersOtherwise() {
    target = new HostFacts("b", "16.4", B.libraries(), 10L << 30, false, "glibc 2.28");
    assertThat(only(Severity.BLOCKS).where()).isEqualTo("databases shop");
    database = new Database("shop", 1L << 30, "c", "C", List.of(), 0, List.of());
    onlyRestart();
  }

  @Test
  void room() {
    target = new HostFacts("b", "16.4", B.libraries(), 2L << 30, false, "glibc 2.36");
    assertThat(only(Severity.BLOCKS).what()).isEqualTo("disk");
    target = new HostFacts("b", "16.4", B.libraries(), 10L << 30, true, "glibc 2.36");
    assertThat(only(Severity.WARNS).what()).isEqualTo("data directory");
  }

  @Test
  void whoComesInOtherwise() {
    passwords = List.of(new Password("old", "md5"));
    assertThat(only(Severity.WARNS).where()).isEqualTo("role old");
    passwords = List.of();
    rules = List.of(new RuleProblem("pg_hba.conf line 3", "ldap cannot be kept", "reject"));
    assertThat(only(Severity.WARNS).where()).isEqualTo("pg_hba.conf line 3");
    rules = List.of();
    set("ssl", "on", "default", "");
    assertThat(only(Severity.WARNS).what()).isEqualTo("ssl");
    settings.remove("ssl");
    missingRights = List.of("may not promote a standby");
    assertThat(only(Severity.BLOCKS).found()).isEqualTo("may not promote a standby");
  }

  @Test
  void commitsThatDoNotWait() {
    roleSettings = List.of(new RoleSetting("role batch", "synchronous_commit", "off"));
    assertThat(only(Severity.WARNS).where()).isEqualTo("role batch");
    roleSettings = List.of(new RoleSetting("role batch", "work_mem", "1GB"));
    onlyRestart();
    set("fsync", "off", "default", "");
    assertThat(only(Severity.WARNS).what()).isEqualTo("fsync");
  }

  @Test
  void logIsKeptAsTheConfigurationSays() {
    set("wal_keep_size", "2048", "default", "");
    assertThat(only(Severity.WARNS).remedy()).contains("logKeepBytes: 2147483648");
  }

  @Test
  void settingsThatAreKept() {
    set("wal_level", "logical", "default", "");
    set("max_wal_senders", "40", "default", "");
    set("max_replication_slots", "4", "default", "");
    InstanceFacts facts =
        new InstanceFacts(
            version, false, "/data", settings, List.of(), List.of(), List.of(), List.of(),
            List.of(), List.of(), List.of(), List.of(), List.of(), 0);
    assertThat(KeptSettings.of(facts))
        .containsOnly(
            Map.entry("max_connections", "300"),
            Map.entry("wal_level", "logical"),
            Map.entry("max_wal_senders", "40"),
            Map.entry("ssl", "off"));
  }
}
