package dev.baton.engine.postgres.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Passwords with which the agent logs in for clients that were let in without proving one. A file
/// of lines `role:password`; a colon or backslash of the role's name has a backslash before it, and
/// `#` begins a comment line.
public final class RolePasswords {
  private final Map<String, String> byRole;

  private RolePasswords(Map<String, String> byRole) {
    this.byRole = Map.copyOf(byRole);
  }

  /// @param file null: there are none
  /// @throws IOException when it cannot be read or a line is wrong; no password stands in the text
  public static RolePasswords read(@Nullable Path file) throws IOException {
    Map<String, String> byRole = new HashMap<>();
    if (file != null) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (!line.isBlank() && !line.startsWith("#")) {
          take(byRole, line, file + " line " + (i + 1));
        }
      }
    }
    return new RolePasswords(byRole);
  }

  private static void take(Map<String, String> byRole, String line, String where)
      throws IOException {
    StringBuilder role = new StringBuilder();
    int at = 0;
    while (at < line.length() && line.charAt(at) != ':') {
      at += line.charAt(at) == '\\' && at + 1 < line.length() ? 1 : 0;
      role.append(line.charAt(at));
      at++;
    }
    if (role.isEmpty() || at + 1 >= line.length()) {
      throw new IOException(where + ": expected role:password");
    }
    if (byRole.put(role.toString(), line.substring(at + 1)) != null) {
      throw new IOException(where + ": role \"" + role + "\" has a password already");
    }
  }

  /// @param role as a text
  public Optional<String> of(String role) {
    return Optional.ofNullable(byRole.get(role));
  }

  @Override
  public String toString() {
    return "RolePasswords[" + byRole.size() + "]";
  }
}
