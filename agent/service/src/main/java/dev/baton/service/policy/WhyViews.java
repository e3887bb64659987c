package dev.baton.service.policy;

import dev.baton.core.policy.Assessment;
import dev.baton.core.policy.ServiceFacts;
import dev.baton.core.policy.ServiceFacts.Standby;
import dev.baton.model.Durability;
import dev.baton.model.MovePolicy;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.WhyView;
import dev.baton.model.view.WhyView.NeedView;
import dev.baton.model.view.WhyView.ObstacleView;
import java.util.List;
import java.util.Locale;

/// An assessment in the words of the control interface.
final class WhyViews {
  private WhyViews() {}

  static WhyView of(
      Assessment assessment, MovePolicy policy, ServiceFacts service, ServiceView view) {
    return new WhyView(
        service.service(),
        service.home(),
        ifHomeFailed(service, view),
        policy.mode(),
        word(assessment.action()),
        assessment.summary(),
        assessment.needs().stream()
            .map(need -> new NeedView(word(need.need()), need.explanation(), need.since()))
            .toList(),
        assessment.target(),
        assessment.obstacles().stream()
            .map(
                each ->
                    new ObstacleView(
                        each.name(), each.host(), each.value(), each.threshold(), each.remedy()))
            .toList(),
        assessment.at());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String ifHomeFailed(ServiceFacts service, ServiceView view) {
    List<String> inSync =
        service.standbys().stream().filter(Standby::inSync).map(Standby::host).sorted().toList();
    if (inSync.isEmpty()) {
      return "nobody could take over: "
          + (view.unprotectedReason() == null ? "no standby is in sync" : view.unprotectedReason());
    }
    double risk =
        service.standbys().stream()
            .filter(standby -> standby.host().equals(inSync.getFirst()))
            .mapToDouble(Standby::riskSeconds)
            .findFirst()
            .orElse(0);
    return "%s would take over; %s"
        .formatted(
            inSync.getFirst(),
            view.durability() == Durability.ASYNC
                ? String.format(
                    Locale.ROOT, "commits of the last %.1f s would be lost", Math.max(0.1, risk))
                : "no acknowledged commit would be lost");
  }
}
