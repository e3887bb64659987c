package dev.baton.service.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.net.Transport;
import dev.baton.service.control.ControlServer;
import dev.baton.service.control.ControlSettings;
import dev.baton.service.control.FakeControlSource;
import dev.baton.service.control.OperatorToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A terminal at which commands are typed, asked of a real control server.
abstract class TerminalStage {
  final FakeControlSource source = new FakeControlSource();
  Transport transport;
  ControlServer server;
  Path token;
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();
  boolean person;
  String typed = "";
  @TempDir Path folder;

  Terminal.Pause pause = _ -> {};

  @BeforeEach
  void open() throws IOException {
    transport = Transport.open(1);
    token = folder.resolve("operator.token");
    OperatorToken.create(token);
    server = ControlServer.open(ControlSettings.loopback(0, token), source, transport);
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
  }

  int baton(String... arguments) {
    return batonWith(
        Map.of(
            "BATON_CONTROL", server.url(), "BATON_TOKEN_FILE", token.toString(), "USER", "alice"),
        arguments);
  }

  int batonWith(Map<String, String> environment, String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new BufferedReader(new StringReader(typed)),
            person,
            environment,
            Clock.fixed(FakeControlSource.NOW, ZoneOffset.UTC),
            pause);
    return Baton.run(terminal, arguments);
  }

  /// Running moves end at the first look after they began.
  void movesEnd(String outcome) {
    pause = _ -> source.moves = List.of(FakeControlSource.move(7, outcome));
  }

  void expect(String golden) {
    assertThat(out.toString().lines().map(String::stripTrailing).toList())
        .isEqualTo(golden.lines().toList());
  }
}
