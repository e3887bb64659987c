package dev.baton.service.peer;

import dev.baton.core.memory.ServiceMemory;
import dev.baton.model.LogPosition;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The memories of this host, as fronts reach them. `present` a memory when its generation begins,
/// `withdraw` it when it ends. Methods may be called from any thread.
public final class MemoryHost {
  /// Positions are told to fronts at most this often.
  private static final long POSITION_MILLIS = 2;

  private final Map<String, Place> places = new ConcurrentHashMap<>();
  private final List<PositionListener> listeners = new CopyOnWriteArrayList<>();

  /// @param intake confined to the loop
  private record Place(EventLoop loop, RequestIntake intake) {}

  @FunctionalInterface
  interface PositionListener {
    /// On the memory's loop.
    void position(String service, long epoch, LogPosition position, RequestIntake intake);
  }

  MemoryHost() {}

  /// From now on the service's requests go into this memory. Presenting the same memory with a
  /// higher epoch, because the home came up again, keeps its streams.
  ///
  /// @param epoch whose requests are taken
  /// @param loop the memory's thread
  public void present(String service, long epoch, ServiceMemory memory, EventLoop loop) {
    Place present = places.get(service);
    if (present != null && present.intake().memory() == memory) {
      loop.execute(() -> present.intake().raise(epoch));
      return;
    }
    RequestIntake intake = new RequestIntake(memory, epoch);
    Positions positions = new Positions(service, loop, intake);
    places.put(service, new Place(loop, intake));
    loop.execute(() -> memory.log().onAppend(positions::moved));
  }

  /// This host takes over, or has heard of a later epoch: requests and gates of older ones are
  /// refused from when `done` runs, on the memory's thread. What became of old transactions is
  /// taken as before. Does nothing when no memory is presented; `done` then runs at once.
  public void refuseBefore(String service, long epoch, Runnable done) {
    onLoop(
        service,
        intake -> {
          if (intake != null) {
            intake.raise(epoch);
          }
          done.run();
        });
  }

  /// The service has no memory here any more.
  public void withdraw(String service) {
    places.remove(service);
  }

  /// Runs work with the service's intake on the memory's thread; with null, at once, when there is
  /// none.
  void onLoop(String service, Consumer<@Nullable RequestIntake> work) {
    Place place = places.get(service);
    if (place == null) {
      work.accept(null);
    } else {
      place.loop().execute(() -> work.accept(place.intake()));
    }
  }

  void onPosition(PositionListener listener) {
    listeners.add(listener);
  }

  /// Tells the end of a memory's log after it has moved, but not for each record.
  private final class Positions {
    private final String service;
    private final EventLoop loop;
    private final RequestIntake intake;
    private boolean scheduled;

    Positions(String service, EventLoop loop, RequestIntake intake) {
      this.service = service;
      this.loop = loop;
      this.intake = intake;
    }

    void moved() {
      if (!scheduled) {
        scheduled = true;
        loop.schedule(this::tell, POSITION_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    private void tell() {
      scheduled = false;
      Place place = places.get(service);
      if (place != null && place.intake() == intake) {
        LogPosition end = intake.memory().log().end();
        listeners.forEach(listener -> listener.position(service, intake.epoch(), end, intake));
      }
    }
  }
}
