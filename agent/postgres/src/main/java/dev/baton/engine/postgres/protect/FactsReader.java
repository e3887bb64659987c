package dev.baton.engine.postgres.protect;

import dev.baton.engine.postgres.protect.InstanceFacts.Database;
import dev.baton.engine.postgres.protect.InstanceFacts.Password;
import dev.baton.engine.postgres.protect.InstanceFacts.Prepared;
import dev.baton.engine.postgres.protect.InstanceFacts.RoleSetting;
import dev.baton.engine.postgres.protect.InstanceFacts.RuleProblem;
import dev.baton.engine.postgres.protect.InstanceFacts.Setting;
import dev.baton.engine.postgres.protect.InstanceFacts.Slot;
import dev.baton.engine.postgres.protect.InstanceFacts.Standby;
import dev.baton.engine.postgres.protect.InstanceFacts.Tablespace;
import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;

/// Asks a running instance for its facts, as the agents' role; changes nothing.
final class FactsReader {
  private static final String LIBRARY_PREFIX = "$libdir/";

  private final InstanceSettings settings;
  private final int port;

  /// @param port where the instance listens now
  FactsReader(InstanceSettings settings, int port) {
    this.settings = settings;
    this.port = port;
  }

  /// @param rules problems of the access rules, which are read from their file
  InstanceFacts read(List<RuleProblem> rules) throws IOException {
    try (Connection connection = connect("postgres")) {
      int version = Integer.parseInt(one(connection, "SHOW server_version_num"));
      List<Database> databases = new ArrayList<>();
      for (String name :
          list(connection, "SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1")) {
        databases.add(database(name, version));
      }
      List<String> missing = list(connection, AgentRole.missingRights(version));
      return new InstanceFacts(
          version,
          one(connection, "SELECT pg_is_in_recovery()").equals("t"),
          one(connection, "SHOW data_directory"),
          settings(connection),
          roleSettings(connection),
          databases,
          tablespaces(connection),
          slots(connection),
          standbys(connection),
          prepared(connection),
          missing.isEmpty() ? passwords(connection) : List.of(),
          missing,
          rules,
          Integer.parseInt(
              one(
                  connection,
                  "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                      + " AND usename <> current_user")));
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private IOException failure(SQLException e) {
    return new IOException(
        ("the instance cannot be asked on 127.0.0.1:%d as %s: %s (%s); it must have the agents'"
                + " role ('baton protect --sql'), and let it in from this host by password"
                + " (pg_hba.conf: host all %s 127.0.0.1/32 scram-sha-256)")
            .formatted(
                port, settings.adminUser(), e.getMessage(), e.getSQLState(), settings.adminUser()),
        e);
  }

  private Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", settings.adminUser());
    properties.setProperty("password", settings.adminPassword());
    properties.setProperty("ApplicationName", "baton-protect");
    properties.setProperty("sslmode", "prefer");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty(
        "options", "-c search_path=pg_catalog -c default_transaction_read_only=on");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s"
            .formatted(
                port,
                java.net.URLEncoder.encode(database, java.nio.charset.StandardCharsets.UTF_8)),
        properties);
  }

  private static Map<String, Setting> settings(Connection connection) throws SQLException {
    Map<String, Setting> found = new HashMap<>();
    for (List<String> row :
        rows(
            connection,
            "SELECT name, coalesce(setting, ''), source, context,"
                + " coalesce(sourcefile || ' line ' || sourceline, '') FROM pg_settings")) {
      found.put(row.get(0), new Setting(row.get(1), row.get(2), row.get(3), row.get(4)));
    }
    return found;
  }

  private static List<RoleSetting> roleSettings(Connection connection) throws SQLException {
    return each(
        connection,
        """
        SELECT concat_ws(' ', 'role ' || nullif(setrole, 0)::regrole::text,
                         'database ' || (SELECT datname FROM pg_database d WHERE d.oid = setdatabase)),
               split_part(each, '=', 1), substr(each, strpos(each, '=') + 1)
          FROM pg_db_role_setting, unnest(setconfig) each ORDER BY 1, 2
        """,
        row -> new RoleSetting(row.get(0), row.get(1), row.get(2)));
  }

  /// Sizes and collations from inside of it, since roles may have taken away CONNECT from others.
  private Database database(String name, int version) throws SQLException {
    try (Connection connection = connect(name)) {
      boolean recordsVersions = version >= 150_000;
      List<String> row =
          rows(
                  connection,
                  "SELECT pg_database_size(oid), "
                      + (recordsVersions ? "datlocprovider" : "'c'")
                      + ", datcollate FROM pg_database WHERE datname = current_database()")
              .getFirst();
      List<String> stale =
          list(
              connection,
              "SELECT collname FROM pg_collation"
                  + " WHERE collversion <> pg_collation_actual_version(oid)"
                  + (recordsVersions
                      ? " UNION ALL SELECT 'default' FROM pg_database"
                          + " WHERE datname = current_database()"
                          + " AND datcollversion <> pg_database_collation_actual_version(oid)"
                      : ""));
      String unlogged =
          one(
              connection,
              "SELECT count(*) FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'");
      List<String> libraries =
          list(
                  connection,
                  "SELECT DISTINCT p.probin FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
                      + " WHERE p.probin IS NOT NULL AND l.lanname = 'c' ORDER BY 1")
              .stream()
              .map(FactsReader::library)
              .toList();
      return new Database(
          name,
          Long.parseLong(row.get(0)),
          row.get(1),
          row.get(2),
          stale,
          Integer.parseInt(unlogged),
          libraries);
    }
  }

  /// `$libdir/pg_trgm` and `pg_trgm.so` are the same; another path stays as it is.
  static String library(String probin) {
    String name =
        probin.startsWith(LIBRARY_PREFIX) ? probin.substring(LIBRARY_PREFIX.length()) : probin;
    return name.endsWith(".so") ? name.substring(0, name.length() - 3) : name;
  }

  private static List<Tablespace> tablespaces(Connection connection) throws SQLException {
    return each(
        connection,
        "SELECT spcname, pg_tablespace_location(oid) FROM pg_tablespace"
            + " WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY 1",
        row -> new Tablespace(row.get(0), row.get(1)));
  }

  private static List<Slot> slots(Connection connection) throws SQLException {
    return each(
        connection,
        "SELECT slot_name, slot_type, active FROM pg_replication_slots"
            + " WHERE NOT temporary ORDER BY 1",
        row -> new Slot(row.get(0), row.get(1), row.get(2).equals("t")));
  }

  private static List<Standby> standbys(Connection connection) throws SQLException {
    return each(
        connection,
        "SELECT application_name, coalesce(client_addr::text, 'a socket'), state"
            + " FROM pg_stat_replication WHERE state <> 'backup' ORDER BY 1",
        row -> new Standby(row.get(0), row.get(1), row.get(2)));
  }

  private static List<Prepared> prepared(Connection connection) throws SQLException {
    return each(
        connection,
        "SELECT gid, database, extract(epoch FROM now() - prepared)::bigint"
            + " FROM pg_prepared_xacts ORDER BY prepared",
        row -> new Prepared(row.get(0), row.get(1), Long.parseLong(row.get(2))));
  }

  private static List<Password> passwords(Connection connection) throws SQLException {
    return each(
        connection,
        """
        SELECT r.rolname, CASE WHEN u.verifier LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256'
                               WHEN u.verifier LIKE 'md5%' THEN 'md5'
                               WHEN u.verifier IS NULL THEN 'none'
                               ELSE 'unknown' END
          FROM pg_roles r LEFT JOIN LATERAL baton.user_lookup(r.rolname) u ON true
         WHERE r.rolcanlogin ORDER BY 1
        """,
        row -> new Password(row.get(0), row.get(1)));
  }

  private static String one(Connection connection, String sql) throws SQLException {
    return list(connection, sql).getFirst();
  }

  private static List<String> list(Connection connection, String sql) throws SQLException {
    return each(connection, sql, List::getFirst);
  }

  private static <T> List<T> each(
      Connection connection, String sql, Function<List<String>, T> meaning) throws SQLException {
    return rows(connection, sql).stream().map(meaning).toList();
  }

  /// What is NULL is left as an empty text.
  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          String value = result.getString(i);
          row.add(value == null ? "" : value);
        }
        rows.add(row);
      }
      return rows;
    }
  }
}
