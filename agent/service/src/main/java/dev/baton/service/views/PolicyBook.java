package dev.baton.service.views;

import dev.baton.model.MovePolicy;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.PolicyView;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// All policies and announcements, by service and by host. Every agent has its own copy; of two
/// entries the one with the higher version counts, and of two that were made at once the one whose
/// author comes first, so that all copies end up the same whatever order they meet in.
public record PolicyBook(
    Map<String, PolicyView> policies, Map<String, MaintenanceView> maintenance) {
  public static final PolicyBook EMPTY = new PolicyBook(Map.of(), Map.of());

  public PolicyBook {
    policies = Map.copyOf(policies);
    maintenance = Map.copyOf(maintenance);
  }

  public PolicyView policy(String service) {
    return policies.getOrDefault(
        service, new PolicyView(service, MovePolicy.DEFAULT, "", Instant.EPOCH));
  }

  public PolicyBook with(PolicyView policy) {
    Map<String, PolicyView> changed = new TreeMap<>(policies);
    changed.merge(policy.service(), policy, PolicyBook::newer);
    return new PolicyBook(changed, maintenance);
  }

  public PolicyBook with(MaintenanceView announced) {
    Map<String, MaintenanceView> changed = new TreeMap<>(maintenance);
    changed.merge(announced.host(), announced, PolicyBook::newer);
    return new PolicyBook(policies, changed);
  }

  public PolicyBook merge(PolicyBook other) {
    PolicyBook merged = this;
    for (PolicyView policy : other.policies.values()) {
      merged = merged.with(policy);
    }
    for (MaintenanceView announced : other.maintenance.values()) {
      merged = merged.with(announced);
    }
    return merged;
  }

  private static PolicyView newer(PolicyView one, PolicyView other) {
    long difference = one.policy().version() - other.policy().version();
    return difference > 0 || (difference == 0 && one.changedBy().compareTo(other.changedBy()) <= 0)
        ? one
        : other;
  }

  private static MaintenanceView newer(MaintenanceView one, MaintenanceView other) {
    long difference = one.version() - other.version();
    return difference > 0
            || (difference == 0 && one.announcedBy().compareTo(other.announcedBy()) <= 0)
        ? one
        : other;
  }
}
