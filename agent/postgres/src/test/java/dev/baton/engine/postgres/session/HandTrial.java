package dev.baton.engine.postgres.session;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.RouteState;
import dev.baton.model.Durability;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A front before two servers, moved by words on standard input; for trials by hand with psql and
/// pgbench.
final class HandTrial {
  private HandTrial() {}

  /// @param args port of the front, of server a, of server b, role, password, `guarded` or `bare`
  public static void main(String[] args) throws Exception {
    int a = Integer.parseInt(args[1]);
    int b = Integer.parseInt(args[2]);
    List<String> standbys = args[5].equals("guarded") ? List.of("b") : List.of();
    Durability durability = Durability.parse(args.length > 6 ? args[6] : "replication");
    try (SessionsUnderTest under =
        new SessionsUnderTest(
            new RouteState.Open(1, "a", standbys, durability),
            Integer.parseInt(args[0]),
            args[3],
            args[4],
            !standbys.isEmpty())) {
      under.connector.host("a", a);
      under.connector.host("b", b);
      under.log.remembers = false;
      under.route.fates = id -> CompletableFuture.supplyAsync(() -> fate(b, args[3], args[4], id));
      BufferedReader words =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String word = words.readLine(); word != null; word = words.readLine()) {
        String[] parts = word.split(" ");
        switch (parts[0]) {
          case "held" -> under.route.set(new RouteState.Held(1, "trial"));
          case "drain" -> under.route.set(new RouteState.Draining(1, "a", 500));
          case "cut" -> under.connector.cut(parts[1]);
          case "open" ->
              under.route.set(
                  new RouteState.Open(Long.parseLong(parts[1]), parts[2], standbys, durability));
          case "loop" -> move(under, parts, standbys, durability);
          case "tally" -> System.out.println(under.front.tally(Long.parseLong(parts[1])));
          case "sessions" -> under.front.sessions().forEach(System.out::println);
          case "port" -> under.connector.host(parts[1], Integer.parseInt(parts[2]));
          default -> System.out.println("held, drain, cut HOST, open EPOCH HOST, tally EPOCH");
        }
        System.out.flush();
      }
    }
  }

  /// `loop COUNT MILLIS-BETWEEN MILLIS-WITHOUT-A-HOME`
  private static void move(
      SessionsUnderTest under, String[] parts, List<String> standbys, Durability durability)
      throws InterruptedException {
    int moves = Integer.parseInt(parts[1]);
    for (int i = 0; i < moves; i++) {
      long epoch = under.route.state().epoch();
      under.connector.cut(i % 2 == 0 ? "a" : "b");
      Thread.sleep(Long.parseLong(parts[3]));
      under.route.set(new RouteState.Open(epoch + 1, i % 2 == 0 ? "b" : "a", standbys, durability));
      Thread.sleep(Long.parseLong(parts[2]));
      System.out.println(under.front.tally(epoch + 1));
    }
  }

  private static Fate fate(int port, String user, String password, long id) {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    try (var connection = DriverManager.getConnection(url, user, password);
        var statement = connection.createStatement()) {
      String status;
      do {
        try (var rows = statement.executeQuery("select pg_xact_status('" + id + "'::xid8)")) {
          rows.next();
          status = rows.getString(1);
        }
      } while ("in progress".equals(status));
      return "committed".equals(status) ? Fate.COMMITTED : Fate.NOT_COMMITTED;
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
