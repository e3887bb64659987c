package dev.baton.service.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Every key that a configuration may have, as its records say: `services[].port` for the port of
/// each service.
public final class ConfigKeys {
  private final SequencedMap<String, Key> keys = new LinkedHashMap<>();

  private ConfigKeys() {}

  /// @param live whether its change counts without a restart
  /// @param leaf whether it has a value and no keys below it
  public record Key(String path, boolean live, boolean leaf) {}

  public static ConfigKeys of(Class<? extends Record> root) {
    ConfigKeys keys = new ConfigKeys();
    keys.add("", root, false);
    return keys;
  }

  private void add(String prefix, Class<?> type, boolean live) {
    for (RecordComponent component : type.getRecordComponents()) {
      String path = prefix + component.getName();
      boolean isLive = live || component.isAnnotationPresent(Live.class);
      Optional<Class<?>> elements = records(component);
      if (elements.isPresent()) {
        keys.put(path, new Key(path, isLive, false));
        add(path + "[].", elements.get(), isLive);
      } else if (component.getType().isRecord()) {
        keys.put(path, new Key(path, isLive, false));
        add(path + ".", component.getType(), isLive);
      } else {
        keys.put(path, new Key(path, isLive, true));
      }
    }
  }

  /// What a list of records is a list of.
  private static Optional<Class<?>> records(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType list
            && list.getActualTypeArguments()[0] instanceof Class<?> element
            && element.isRecord()
        ? Optional.of(element)
        : Optional.empty();
  }

  public List<Key> all() {
    return List.copyOf(keys.values());
  }

  /// @param path with or without the numbers of elements
  boolean contains(String path) {
    return keys.containsKey(general(path));
  }

  static String general(String path) {
    return path.replaceAll("\\[[0-9]+]", "[]").replaceAll("\\[]$", "");
  }

  /// The known key that looks most like an unknown one: first beside it, then anywhere, since a key
  /// that stands at the wrong depth is spelled right.
  Optional<String> nearest(String unknownPath) {
    String unknown = general(unknownPath);
    String parent = unknown.substring(0, unknown.lastIndexOf('.') + 1);
    String name = unknown.substring(parent.length());
    @Nullable String best = null;
    int bestDistance = Math.max(2, name.length() / 3) + 1;
    for (String path : keys.keySet()) {
      String known = path.substring(path.lastIndexOf('.') + 1);
      boolean beside = path.equals(parent + known);
      int distance = distance(name, known);
      if (beside ? distance < bestDistance : distance == 0 && best == null) {
        best = beside ? known : path;
        bestDistance = beside ? distance : bestDistance;
      }
    }
    return Optional.ofNullable(best);
  }

  /// Letters to add, leave out or change, without regard to case.
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
        int changed = diagonal + (same ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  /// Keys whose values differ between two configurations of the same records, those with numbers of
  /// elements; a list that has become longer or shorter counts as one key.
  public List<Key> changed(Record before, Record after) {
    Map<String, Key> changed = new LinkedHashMap<>();
    compare("", before, after, changed);
    return List.copyOf(changed.values());
  }

  private void compare(String prefix, Record before, Record after, Map<String, Key> changed) {
    for (RecordComponent component : before.getClass().getRecordComponents()) {
      String path = prefix + component.getName();
      @Nullable Object old = value(component, before);
      @Nullable Object now = value(component, after);
      if (Objects.equals(old, now)) {
        continue;
      }
      if (old instanceof Record oldRecord && now instanceof Record newRecord) {
        compare(path + ".", oldRecord, newRecord, changed);
      } else if (old instanceof List<?> oldList
          && now instanceof List<?> newList
          && records(component).isPresent()
          && oldList.size() == newList.size()) {
        for (int i = 0; i < oldList.size(); i++) {
          compare(path + "[" + i + "].", (Record) oldList.get(i), (Record) newList.get(i), changed);
        }
      } else {
        boolean live = Objects.requireNonNull(keys.get(general(path))).live();
        changed.put(path, new Key(path, live, true));
      }
    }
  }

  private static @Nullable Object value(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a record's own accessor: " + component, e);
    }
  }
}
