package dev.baton.service.cli;

import dev.baton.model.Json;
import dev.baton.model.view.MoveView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Shows the phases of a running move until the move has ended: to a person as a picture that is
/// drawn over itself, else a line for each phase as it ends. The agent that is asked may be away
/// for a while: that is what a move can be about.
final class MoveFollower {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Terminal terminal;
  private final ControlClient client;
  private final boolean shows;
  private int shown;

  /// Lines of the picture that stands on the terminal.
  private int drawn;

  MoveFollower(Terminal terminal, ControlClient client, boolean shows) {
    this.terminal = terminal;
    this.client = client;
    this.shows = shows;
  }

  /// @throws CommandFailed when no agent answers for longer than the patience lasts; the move goes
  ///   on without us
  MoveView follow(MoveView begun) {
    MoveView move = begun;
    Instant heard = terminal.clock().instant();
    String path = "/v1/moves/" + begun.id() + "?service=" + begun.service();
    while (move.outcome().equals("running")) {
      show(move, false);
      terminal.rest(LOOK);
      try {
        move = Json.MAPPER.treeToValue(client.get(path), MoveView.class);
        heard = terminal.clock().instant();
      } catch (CommandFailed e) {
        if (Duration.between(heard, terminal.clock().instant()).compareTo(PATIENCE) > 0) {
          throw new CommandFailed(
              "move "
                  + begun.id()
                  + " runs, but nobody tells how it goes: "
                  + e.getMessage()
                  + "; look at 'baton history'",
              e);
        }
      }
    }
    show(move, true);
    return move;
  }

  /// Over the picture before.
  private void draw(List<String> lines) {
    if (drawn > 0) {
      terminal.out().print("\u001b[" + drawn + "A\u001b[J");
    }
    lines.forEach(terminal.out()::println);
    terminal.out().flush();
    drawn = lines.size();
  }

  private void show(MoveView move, boolean ended) {
    if (!shows) {
      return;
    }
    if (terminal.person()) {
      draw(PhaseDisplay.lines(move, ended));
      return;
    }
    List<MoveView.PhaseView> phases = move.phases();
    int complete = ended ? phases.size() : phases.size() - 1; // the last one still grows
    for (; shown < complete; shown++) {
      terminal.out().println(MovesText.phase(phases.get(shown)));
    }
  }
}
