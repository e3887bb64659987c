package dev.baton.core.policy;

import dev.baton.core.policy.HostFacts.Load;
import org.jspecify.annotations.Nullable;

/// How busy both hosts would be after a move: the service's processor time goes from the one to the
/// other, in proportion to their cores. Memory is taken to stay where it is: a standby's database
/// has its share already.
///
/// @param sourceBefore busiest of processor and memory, percent, as all figures here
record Forecast(double sourceBefore, double targetBefore, double sourceAfter, double targetAfter) {
  /// By which the busier of both becomes less busy; negative when it becomes busier.
  double gain() {
    return Math.max(sourceBefore, targetBefore) - Math.max(sourceAfter, targetAfter);
  }

  /// Null when too little is known.
  static @Nullable Forecast of(ServiceFacts service, HostFacts source, HostFacts target) {
    Load from = source.load();
    Load to = target.load();
    if (from == null || to == null) {
      return null;
    }
    double share = Math.min(service.cpuPercent(), from.cpuPercent());
    double arriving = share * cores(source) / cores(target);
    return new Forecast(
        from.busiest(),
        to.busiest(),
        new Load(from.cpuPercent() - share, from.memoryPercent()).busiest(),
        new Load(Math.min(100, to.cpuPercent() + arriving), to.memoryPercent()).busiest());
  }

  private static double cores(HostFacts host) {
    return host.configuration() == null ? 1 : Math.max(1, host.configuration().cores());
  }
}
