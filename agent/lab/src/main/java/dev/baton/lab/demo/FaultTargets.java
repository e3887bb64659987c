package dev.baton.lab.demo;

import dev.baton.lab.fault.FaultEngine;
import dev.baton.model.view.ServiceView;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/// The demo's cluster, as the fault engine sees it.
///
/// @param agentGoes told the host whose agent goes
record FaultTargets(DemoCluster cluster, Consumer<String> agentGoes)
    implements FaultEngine.Cluster {

  @Override
  public boolean switchover(String service) throws IOException, InterruptedException {
    return cluster.control().switchover(service);
  }

  @Override
  public boolean isProtected(String service) throws IOException, InterruptedException {
    return cluster.control().service(service).filter(ServiceView::protectedNow).isPresent();
  }

  @Override
  public void agentGoes(String host) {
    agentGoes.accept(host);
  }

  @Override
  public void hostGoes(String host) {
    cluster.staysDown(host);
    agentGoes.accept(host);
  }

  @Override
  public long voter(String host) throws IOException {
    return cluster.voters().id(host);
  }

  @Override
  public List<Long> voters() {
    return cluster.voters().ids();
  }
}
