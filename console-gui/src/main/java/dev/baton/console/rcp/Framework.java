package dev.baton.console.rcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.osgi.launch.EquinoxFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running OSGi framework. Its own storage is a temporary directory, so that two consoles of
/// one user do not meet; what shall last (the layout) lies in the instance area.
final class Framework implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Framework.class);
  private static final long STOP_TIMEOUT_MILLIS = 5_000;

  /// Started before all others, in this order: the others' activators use their services.
  private static final List<String> FIRST =
      List.of(
          "org.apache.felix.scr",
          "org.eclipse.equinox.common",
          "org.eclipse.equinox.registry",
          "org.eclipse.equinox.event",
          "org.eclipse.core.runtime",
          "org.eclipse.equinox.app");

  private final org.osgi.framework.launch.Framework equinox;
  private final Path storage;

  private Framework(org.osgi.framework.launch.Framework equinox, Path storage) {
    this.equinox = equinox;
    this.storage = storage;
  }

  /// @param instanceArea directory that keeps the layout
  /// @throws IllegalStateException when a bundle cannot be resolved or started; it is named
  static Framework start(Path instanceArea) {
    try {
      Path storage = Files.createTempDirectory("baton-console-");
      ClassPathBundles bundles =
          new ClassPathBundles(Framework.class.getClassLoader(), consoleClasses());
      org.osgi.framework.launch.Framework equinox =
          new EquinoxFactory().newFramework(configuration(storage, instanceArea), bundles);
      Framework framework = new Framework(equinox, storage);
      try {
        equinox.init();
        framework.installAndStart(bundles);
      } catch (BundleException e) {
        framework.close();
        throw new IllegalStateException("the workbench's bundles do not start: " + e, e);
      }
      return framework;
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for the workbench", e);
    }
  }

  private static Path consoleClasses() {
    try {
      return Path.of(Framework.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the console's classes are in no file", e);
    }
  }

  private static Map<String, String> configuration(Path storage, Path instanceArea) {
    Map<String, String> configuration = new HashMap<>();
    configuration.put(Constants.FRAMEWORK_STORAGE, storage.resolve("osgi").toString());

    configuration.put("osgi.install.area", storage.toUri().toString());
    configuration.put("osgi.user.area", "@none");
    configuration.put("osgi.instance.area", instanceArea.toUri().toString());
    configuration.put("eclipse.consoleLog", "true"); // else e4's errors stay invisible
    configuration.put("eclipse.stateSaveDelayInterval", "0");
    return configuration;
  }

  private void installAndStart(ClassPathBundles bundles) throws BundleException {
    Map<String, Bundle> installed = new HashMap<>();
    for (String name : bundles.names()) {
      Bundle bundle = equinox.getBundleContext().installBundle(name);
      installed.put(name, bundle);
      FlatBundleLookup.register(bundles.locationOf(name), bundle);
    }
    equinox.start();
    for (String name : FIRST) {
      Bundle bundle = installed.get(name);
      if (bundle == null) {
        throw new BundleException("not on the class path: " + name);
      }
      bundle.start();
    }
    for (String name : bundles.names()) {
      Bundle bundle = installed.get(name);
      if (bundle != null && bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
        bundle.start(); // eagerly: one class loader gives no trigger for lazy activation
      }
    }
  }

  @Override
  public void close() {
    try {
      equinox.stop();
      equinox.waitForStop(STOP_TIMEOUT_MILLIS);
    } catch (BundleException e) {
      LOG.warn("the workbench's framework did not stop: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    FlatBundleLookup.clear();
    try (Stream<Path> files = Files.walk(storage)) {
      files.sorted(Comparator.reverseOrder()).forEach(Framework::delete);
    } catch (IOException e) {
      LOG.warn("temporary directory {} stays: {}", storage, e.getMessage());
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} stays: {}", file, e.getMessage());
    }
  }
}
