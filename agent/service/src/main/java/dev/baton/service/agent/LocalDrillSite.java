package dev.baton.service.agent;

import dev.baton.core.engine.Harm;
import dev.baton.model.DrillKind;
import dev.baton.model.MoveKind;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.ServiceView;
import dev.baton.service.drill.DrillSite;
import dev.baton.service.views.ClusterViews;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Drills at this host's own instances.
///
/// @param control plans and orders moves
/// @param harms by service, of those with an instance here
record LocalDrillSite(
    BooleanSupplier armedNow,
    Supplier<ClusterControl> control,
    ClusterViews views,
    Map<String, Harm> harms)
    implements DrillSite {
  private static final long ORDER_SECONDS = 15;
  private static final String REASON = "drill";

  @Override
  public boolean armed() {
    return armedNow.getAsBoolean();
  }

  @Override
  public PlanView plan(String service, String actor) {
    // planned at once: it only reads what is known
    return control
        .get()
        .plan(new PlanRequest(service, MoveKind.SWITCHOVER, null, REASON), actor)
        .toCompletableFuture()
        .join();
  }

  @Override
  public Optional<ServiceView> service(String name) {
    return views.services(Instant.now()).stream()
        .filter(view -> view.name().equals(name))
        .findFirst();
  }

  @Override
  public List<AlarmView> alarms() {
    return views.alarms();
  }

  @Override
  public List<MoveView> moves() {
    return views.moves();
  }

  @Override
  public String harm(DrillKind kind, String service, String actor) throws IOException {
    return switch (kind) {
      case SWITCHOVER -> moved(service, actor);
      case KILL_DATABASE -> harmOf(service).kill();
      case FREEZE_DATABASE -> harmOf(service).freeze();
      case STOP_DATABASE -> harmOf(service).stop();
    };
  }

  private String moved(String service, String actor) throws IOException {
    try {
      MoveView begun =
          control
              .get()
              .move(new MoveRequest(plan(service, actor).id(), null, REASON), actor)
              .toCompletableFuture()
              .get(ORDER_SECONDS, TimeUnit.SECONDS);
      return "move %d to %s was ordered".formatted(begun.id(), begun.target());
    } catch (ExecutionException e) {
      throw new IOException(
          "the move is refused: " + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("the target does not take the order in " + ORDER_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Harm harmOf(String service) throws IOException {
    Harm harm = harms.get(service);
    if (harm == null) {
      throw new IOException(service + " has no instance on this host");
    }
    return harm;
  }

  @Override
  public String heal(String service) throws IOException {
    return harmOf(service).heal();
  }
}
