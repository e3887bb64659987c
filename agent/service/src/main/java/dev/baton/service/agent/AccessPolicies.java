package dev.baton.service.agent;

import dev.baton.net.AccessPolicy;
import dev.baton.service.agent.AgentConfig.ConfigurationException;
import dev.baton.service.config.ConfigText;
import dev.baton.service.config.OwnerOnly;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who may come in, from the keys of a service and the files that they name.
final class AccessPolicies {
  private AccessPolicies() {}

  /// @param index of the service in the configuration
  /// @throws ConfigurationException when a file cannot be read, or one with a secret can be read by
  ///   others
  static AccessPolicy of(AgentConfig.Loaded loaded, int index) throws ConfigurationException {
    AgentConfig.Service service = loaded.config().services().get(index);
    String at = "services[" + index + "].";
    ConfigText text = loaded.text();
    List<String> problems = new ArrayList<>();
    AgentConfig.ClientTls tls = service.clientTls();
    if (tls != null) {
      readable(text, at + "clientTls.certificate", tls.certificate(), problems);
      ownerOnly(text, at + "clientTls.privateKey", tls.privateKey(), problems);
      readable(text, at + "clientTls.clientCa", tls.clientCa(), problems);
    }
    ownerOnly(text, at + "rolePasswordsFile", service.rolePasswordsFile(), problems);
    List<AccessPolicy.Rule> rules = new ArrayList<>();
    for (int i = 0; i < service.access().size(); i++) {
      rules.add(
          new AccessPolicy.Rule(
              text.where(at + "access[" + i + "]"),
              Objects.requireNonNullElse(service.access().get(i), "")));
    }
    if (service.accessFile() != null) {
      fromFile(text, at + "accessFile", service.accessFile(), rules, problems);
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(String.join("\n", problems));
    }
    return new AccessPolicy(tls == null ? null : tls(tls), rules, service.rolePasswordsFile());
  }

  static AccessPolicy.Tls tls(AgentConfig.ClientTls tls) {
    return new AccessPolicy.Tls(
        tls.certificate(), tls.privateKey(), Boolean.TRUE.equals(tls.required()), tls.clientCa());
  }

  private static void fromFile(
      ConfigText text,
      String key,
      Path file,
      List<AccessPolicy.Rule> rules,
      List<String> problems) {
    try {
      rules.addAll(AccessPolicy.Rule.of(file, Files.readAllLines(file)));
      if (rules.stream().allMatch(AccessPolicies::saysNothing)) {
        // Without any rule everybody who has a password would get in.
        problems.add(text.where(key) + ": " + key + ": " + file + " has no rule; add one");
      }
    } catch (MalformedInputException e) {
      problems.add(text.where(key) + ": " + key + ": " + file + " is no text in UTF-8");
    } catch (IOException e) {
      problems.add(text.where(key) + ": " + key + ": " + file + " cannot be read: " + e);
    }
  }

  private static boolean saysNothing(AccessPolicy.Rule rule) {
    return rule.text().isBlank() || rule.text().strip().startsWith("#");
  }

  private static void readable(
      ConfigText text, String key, @Nullable Path file, List<String> problems) {
    if (file != null && !Files.isReadable(file)) {
      problems.add(
          text.where(key) + ": " + key + ": " + file + " is not a file that this user can read");
    }
  }

  private static void ownerOnly(
      ConfigText text, String key, @Nullable Path file, List<String> problems) {
    if (file != null) {
      OwnerOnly.problem(file)
          .ifPresent(problem -> problems.add(text.where(key) + ": " + key + ": " + problem));
    }
  }
}
