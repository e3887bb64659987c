package dev.baton.service.control;

import dev.baton.model.MovePolicy;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.WhyView;
import dev.baton.model.view.WhyView.NeedView;
import dev.baton.model.view.WhyView.ObstacleView;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// One policy, that of `app`, and one need that is not followed.
public final class FakePolicyDesk implements PolicyDesk {
  private final List<String> asked;
  private PolicyView policy = new PolicyView("app", MovePolicy.DEFAULT, "", FakeControlSource.NOW);
  private final List<MaintenanceView> maintenance = new CopyOnWriteArrayList<>();

  FakePolicyDesk(List<String> asked) {
    this.asked = asked;
  }

  @Override
  public synchronized List<PolicyView> policies() {
    return List.of(policy);
  }

  @Override
  public synchronized PolicyView change(String service, PolicyRequest request, String actor) {
    asked.add(actor + ": policy of " + service + " " + request.mode());
    if (!service.equals("app")) {
      throw Refused.notFound("there is no service '" + service + "'; there are [app]");
    }
    policy =
        new PolicyView(service, request.applyTo(policy.policy()), actor, FakeControlSource.NOW);
    return policy;
  }

  @Override
  public List<MaintenanceView> maintenance() {
    return List.copyOf(maintenance);
  }

  @Override
  public MaintenanceView announce(String host, MaintenanceRequest request, String actor) {
    asked.add(actor + ": maintenance of " + host + " until " + request.until());
    MaintenanceView announced =
        new MaintenanceView(
            host,
            1,
            request.from() == null ? FakeControlSource.NOW : request.from(),
            request.until(),
            request.why() == null ? "" : request.why(),
            actor);
    maintenance.clear();
    if (!announced.isOverAt(FakeControlSource.NOW)) {
      maintenance.add(announced);
    }
    return announced;
  }

  @Override
  public List<WhyView> why() {
    return List.of(
        new WhyView(
            "app",
            "a",
            "b would take over; no acknowledged commit would be lost",
            Mode.OBSERVE,
            "stay",
            "the processor of a is used to 95%: not moved, since b: lag is 9 bytes",
            List.of(
                new NeedView(
                    "source-load",
                    "the processor of a is used to 95%, high from 85% on",
                    FakeControlSource.NOW)),
            "b",
            List.of(
                new ObstacleView("lag", "b", "9 bytes", "at most 8 bytes", "wait until caught up")),
            FakeControlSource.NOW));
  }
}
