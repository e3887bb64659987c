package dev.baton.console.rcp;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/// Finds the bundles among the jars of the class path and connects them to the framework. Only the
/// families that the workbench needs become bundles; JavaFX, Jackson and the like stay plain jars.
final class ClassPathBundles implements ModuleConnector {
  /// Symbolic name of the console's own bundle.
  static final String CONSOLE = "dev.baton.console";

  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final List<String> FAMILIES =
      List.of(
          "org.eclipse.core.",
          "org.eclipse.e4.",
          "org.eclipse.emf.",
          "org.eclipse.equinox.",
          "org.apache.felix.scr",
          "org.osgi.service.",
          "org.osgi.util.",
          "jakarta.");

  private final Map<String, ClassPathModule> byName = new LinkedHashMap<>();

  /// @param consoleClasses jar or directory that holds the console's classes and model
  ClassPathBundles(ClassLoader classLoader, Path consoleClasses) {
    try {
      for (URL manifest : Collections.list(classLoader.getResources(MANIFEST))) {
        addIfWanted(manifest, classLoader);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the class path's manifests cannot be read", e);
    }
    byName.put(CONSOLE, new ClassPathModule(consoleClasses, consoleHeaders(), classLoader));
  }

  /// Symbolic names, in the order of the class path.
  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  Path locationOf(String name) {
    ClassPathModule module = byName.get(name);
    if (module == null) {
      throw new IllegalArgumentException("no bundle of the class path: " + name);
    }
    return module.location();
  }

  private void addIfWanted(URL manifest, ClassLoader classLoader) throws IOException {
    if (!manifest.getProtocol().equals("jar")) {
      return; // a directory of classes; the console's own is added by name
    }
    Map<String, String> headers = headers(manifest);
    String name = headers.getOrDefault("Bundle-SymbolicName", "").split(";")[0].trim();
    if (FAMILIES.stream().anyMatch(name::startsWith)) {
      byName.putIfAbsent(name, new ClassPathModule(jarOf(manifest), headers, classLoader));
    }
  }

  private static Map<String, String> headers(URL manifest) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    try (InputStream in = manifest.openStream()) {
      new Manifest(in)
          .getMainAttributes()
          .forEach((key, value) -> headers.put(key.toString(), value.toString()));
    }
    return headers;
  }

  private static Path jarOf(URL manifest) {
    String jar = manifest.getPath().substring(0, manifest.getPath().indexOf("!/"));
    try {
      return Path.of(new URI(jar));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no file: " + manifest, e);
    }
  }

  /// Written here and not by a build plugin: with one class loader there is nothing to compute.
  private static Map<String, String> consoleHeaders() {
    return Map.of(
        "Bundle-ManifestVersion", "2",
        "Bundle-SymbolicName", CONSOLE + ";singleton:=true",
        "Bundle-Version", "0.1.0",
        "Bundle-Name", "Baton console",
        "Bundle-Localization", "dev/baton/console/text/messages");
  }

  @Override
  public void initialize(File storage, Map<String, String> configuration) {
    // nothing to prepare: the class path is fixed
  }

  @Override
  public Optional<ConnectModule> connect(String location) {
    return Optional.ofNullable(byName.get(location));
  }

  @Override
  public Optional<BundleActivator> newBundleActivator() {
    return Optional.empty();
  }
}
