package dev.baton.service.drill;

import dev.baton.model.Json;
import dev.baton.model.view.DrillView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// The reports of drills, a JSON file each, kept over restarts. Plans that were never run are in
/// RAM alone. Any thread may read; one writes.
public final class DrillFiles {
  private static final Logger LOG = LoggerFactory.getLogger(DrillFiles.class);
  private static final int MAX_KEPT = 100;

  private final Path folder;
  private final TreeMap<Long, DrillView> drills = new TreeMap<>(); // guarded by itself
  private long last;

  /// @throws IOException when the folder cannot be had; a report that cannot be read is passed over
  public DrillFiles(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".json")).toList();
    }
    for (Path file : files) {
      try {
        DrillView drill = Json.MAPPER.readValue(Files.readString(file), DrillView.class);
        drills.put(number(drill.id()), drill);
        last = Math.max(last, number(drill.id()));
      } catch (JacksonException | NumberFormatException e) {
        LOG.warn("the report of a drill in {} cannot be read: {}", file, e.getMessage());
      }
    }
  }

  private static long number(String id) {
    return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
  }

  long nextNumber() {
    synchronized (drills) {
      return ++last;
    }
  }

  /// Newest first.
  List<DrillView> all() {
    synchronized (drills) {
      return new ArrayList<>(drills.descendingMap().values());
    }
  }

  /// Adds a drill, or replaces what was known of it.
  void put(DrillView drill) {
    if (drill.begunAt() != null) {
      write(drill); // first: what is shown is kept
    }
    synchronized (drills) {
      drills.put(number(drill.id()), drill);
      forget();
    }
  }

  /// The oldest go first; plans that were never run before drills that were.
  private void forget() {
    while (drills.size() > MAX_KEPT) {
      long oldest =
          drills.entrySet().stream()
              .min(
                  Comparator.<Map.Entry<Long, DrillView>, Boolean>comparing(
                          each -> each.getValue().begunAt() != null)
                      .thenComparing(Map.Entry::getKey))
              .map(Map.Entry::getKey)
              .orElseThrow();
      DrillView forgotten = Objects.requireNonNull(drills.remove(oldest));
      try {
        Files.deleteIfExists(file(forgotten));
      } catch (IOException e) {
        LOG.debug("a report stays: {}", e.toString());
      }
    }
  }

  private Path file(DrillView drill) {
    return folder.resolve("drill-" + number(drill.id()) + ".json");
  }

  private void write(DrillView drill) {
    try {
      Path fresh = folder.resolve("drill.new");
      Files.writeString(
          fresh, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(drill) + "\n");
      Files.move(
          fresh, file(drill), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("the report of drill {} is not kept: {}", drill.id(), e.toString());
    }
  }
}
