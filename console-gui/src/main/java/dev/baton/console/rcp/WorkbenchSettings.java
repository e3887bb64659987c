package dev.baton.console.rcp;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import javafx.scene.Scene;

/// What a workbench is started with.
///
/// @param instanceArea directory that keeps the layout between starts
/// @param services objects that views and handlers get injected, by their type
/// @param scenes called with the scene of each window before it is shown: style sheets
/// @param closed called on the FX thread after the last window was closed and the layout saved
public record WorkbenchSettings(
    Path instanceArea, Map<Class<?>, Object> services, Consumer<Scene> scenes, Runnable closed) {
  public WorkbenchSettings {
    services = Map.copyOf(services);
  }
}
