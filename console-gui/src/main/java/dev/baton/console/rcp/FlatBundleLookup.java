package dev.baton.console.rcp;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.connect.FrameworkUtilHelper;

/// Tells which bundle a class belongs to when all classes come from one loader: by the jar that it
/// was loaded from. Found by the framework through `META-INF/services`, therefore public, and
/// therefore the table is static.
public final class FlatBundleLookup implements FrameworkUtilHelper {
  private static final Map<Path, Bundle> BY_LOCATION = new ConcurrentHashMap<>();

  static void register(Path location, Bundle bundle) {
    BY_LOCATION.put(location, bundle);
  }

  static void clear() {
    BY_LOCATION.clear();
  }

  @Override
  public Optional<Bundle> getBundle(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      URI location = source.getLocation().toURI();
      return location.getScheme().equals("file")
          ? Optional.ofNullable(BY_LOCATION.get(Path.of(location)))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty(); // a location that is no file is no bundle of the class path
    }
  }
}
