package dev.baton.lab.demo;

import dev.baton.lab.fault.Cut;
import dev.baton.lab.fault.FaultEngine;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.ServiceView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// The demo's cluster, as the fault engine sees it.
///
/// @param agentGoes told the host whose agent goes
record FaultTargets(DemoCluster cluster, Consumer<String> agentGoes)
    implements FaultEngine.Cluster {

  @Override
  public boolean move(String service, MoveKind kind) throws IOException, InterruptedException {
    return cluster.control().move(service, kind);
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

  @Override
  public int cut(Cut cut, String host) throws IOException {
    return wires().cut(cut, host);
  }

  @Override
  public void mend(Cut cut, String host) throws IOException {
    wires().mend(cut, host);
  }

  private DemoWires wires() throws IOException {
    DemoWires wires = cluster.files().wires();
    if (wires == null) {
      throw new IOException("this demo's processes are connected directly");
    }
    return wires;
  }

  @Override
  public void policy(String service, PolicyRequest change)
      throws IOException, InterruptedException {
    cluster.control().policy(service, change);
  }

  @Override
  public void announce(String host, boolean begins) throws IOException, InterruptedException {
    cluster
        .control()
        .maintenance(host, new MaintenanceRequest(null, begins ? null : Instant.EPOCH, "a drill"));
  }

  @Override
  public String home(String service) throws IOException, InterruptedException {
    return cluster.control().service(service).map(ServiceView::home).orElse("");
  }

  @Override
  public Path processes(String host) {
    return cluster.files().host(host).processes();
  }
}
