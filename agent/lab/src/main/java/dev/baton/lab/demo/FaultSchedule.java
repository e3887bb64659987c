package dev.baton.lab.demo;

import dev.baton.lab.fault.FaultEngine;
import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.fault.FaultReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Applies each fault at its time, each on a thread of its own: one may last while another comes.
final class FaultSchedule {
  private final List<FaultOrder> orders;
  private final List<CompletableFuture<FaultReport>> reports = new ArrayList<>();

  FaultSchedule(List<FaultOrder> orders) {
    this.orders =
        orders.stream().sorted(Comparator.comparingDouble(FaultOrder::atSeconds)).toList();
  }

  void start(FaultEngine engine, long begunNanos, PrintWriter out) {
    for (FaultOrder order : orders) {
      CompletableFuture<FaultReport> report = new CompletableFuture<>();
      reports.add(report);
      Thread.ofPlatform()
          .daemon()
          .name("fault-" + order.kind())
          .start(() -> run(engine, order, begunNanos, report, out));
    }
  }

  private static void run(
      FaultEngine engine,
      FaultOrder order,
      long begunNanos,
      CompletableFuture<FaultReport> report,
      PrintWriter out) {
    try {
      long due = begunNanos + (long) (order.atSeconds() * 1e9);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      FaultReport done = engine.apply(order, begunNanos);
      out.printf(
          "%6.1f s  FAULT %s on %s: %s%n",
          done.atSeconds(), done.name(), done.host(), done.applied() ? "applied" : "NOT applied");
      report.complete(done);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      report.completeExceptionally(e);
    }
  }

  /// Every fault's report; one that has not ended within the bound was not applied.
  List<FaultReport> await(Duration bound) throws InterruptedException {
    List<FaultReport> done = new ArrayList<>();
    long deadline = System.nanoTime() + bound.toNanos();
    for (int i = 0; i < reports.size(); i++) {
      FaultOrder order = orders.get(i);
      try {
        done.add(reports.get(i).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
      } catch (TimeoutException | ExecutionException e) {
        done.add(
            new FaultReport(
                order.kind().toString(), String.valueOf(order.host()), order.atSeconds(), false));
      }
    }
    return done;
  }
}
