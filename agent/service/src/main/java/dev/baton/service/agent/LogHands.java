package dev.baton.service.agent;

import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/// Carries out what the role machine orders of log and memory.
final class LogHands {
  private final StandbyLogs logs;
  private final Consumer<RoleEvent> events;

  LogHands(StandbyLogs logs, Consumer<RoleEvent> events) {
    this.logs = logs;
    this.events = events;
  }

  void startReceiving(RoleCommand.StartReceiving command) {
    tell(
        command.ticket(),
        logs.start(command.epoch(), command.home(), command.from()),
        done -> new RoleEvent.ReceivingStarted(command.ticket()));
  }

  void continueReceiving(RoleCommand.ContinueReceiving command) {
    tell(
        0,
        logs.resume(command.epoch(), command.home()),
        done -> new RoleEvent.Tick()); // nothing is waited for
  }

  void stopReceiving(RoleCommand.StopReceiving command) {
    tell(
        command.ticket(),
        logs.stop(),
        end -> new RoleEvent.ReceivingStopped(command.ticket(), end));
  }

  void awaitCaughtUp(RoleCommand.AwaitCaughtUp command) {
    tell(
        command.ticket(),
        logs.caughtUp(command.maxLagBytes()),
        done -> new RoleEvent.CaughtUp(command.ticket()));
  }

  void awaitInMemory(RoleCommand.AwaitInMemory command) {
    tell(
        command.ticket(),
        logs.inMemory(command.position()),
        done -> new RoleEvent.InMemory(command.ticket()));
  }

  void awaitFlushed(RoleCommand.AwaitFlushed command) {
    tell(
        command.ticket(),
        logs.flushed(command.position()),
        done -> new RoleEvent.Flushed(command.ticket()));
  }

  void settleFates(RoleCommand.SettleFates command) {
    tell(
        command.ticket(),
        logs.settle(command.endedEpoch(), command.end()),
        done -> new RoleEvent.FatesSettled(command.ticket()));
  }

  private <T> void tell(long ticket, CompletionStage<T> work, Function<T, RoleEvent> event) {
    work.whenComplete(
        (result, error) ->
            events.accept(
                error == null
                    ? event.apply(result)
                    : new RoleEvent.StepFailed(ticket, String.valueOf(error.getMessage()))));
  }
}
