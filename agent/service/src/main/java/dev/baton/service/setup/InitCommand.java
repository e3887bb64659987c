package dev.baton.service.setup;

import dev.baton.net.Engine;
import dev.baton.service.cli.CommandFailed;
import dev.baton.service.cli.Terminal;
import dev.baton.service.setup.ClusterPlan.Host;
import dev.baton.service.setup.ClusterPlan.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description =
        "Writes the configuration of a cluster's hosts, with secrets and certificates of a private"
            + " authority: a folder for each host, to be copied there and put in place by"
            + " --install. Asks for what was not given. Run again, it keeps what is there and adds"
            + " hosts.")
final class InitCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "Name of the cluster. Default: main.")
  private @Nullable String cluster;

  @Option(
      names = {"--hosts", "--host"},
      split = ",",
      paramLabel = "NAME=ADDRESS",
      description = "Hosts that carry the database; the first is home to begin with.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--witness",
      paramLabel = "NAME=ADDRESS",
      description =
          "Host that votes, so that two database hosts need not both be up, and takes clients.")
  private @Nullable String witness;

  @Option(
      names = "--gateway",
      split = ",",
      paramLabel = "NAME=ADDRESS",
      description = "Hosts that only take clients.")
  private List<String> gateways = new ArrayList<>();

  @Option(
      names = "--coordination",
      paramLabel = "HOST:PORT",
      description = "An existing ZooKeeper. Default: servers of the hosts' own.")
  private @Nullable String coordination;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "Name of the service. Default: app.")
  private @Nullable String service;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Data directory on the database hosts. Default: /var/lib/postgresql/baton/SERVICE.")
  private @Nullable Path data;

  @Option(
      names = "--binaries",
      paramLabel = "DIR",
      description =
          "The server's programs on the database hosts. Default: the newest found on this host.")
  private @Nullable Path binaries;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      defaultValue = "postgres",
      description = "As whom agents of database hosts run. Default: ${DEFAULT-VALUE}.")
  private String user = "postgres";

  @Option(
      names = "--etc",
      paramLabel = "DIR",
      defaultValue = "/etc/baton",
      description = "Where the files stand on each host. Default: ${DEFAULT-VALUE}.")
  private Path etc = Path.of("/etc/baton");

  @Option(
      names = "--units",
      paramLabel = "DIR",
      defaultValue = "/etc/systemd/system",
      description = "Settings of systemd, where there is one. Default: ${DEFAULT-VALUE}.")
  private Path units = Path.of("/etc/systemd/system");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "baton-cluster",
      description = "Folder of the hosts' folders. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("baton-cluster");

  @Option(
      names = "--install",
      paramLabel = "HOST",
      description =
          "Put the files of this host in place; without --hosts those that --out has already.")
  private @Nullable String install;

  @Option(
      names = "--renew",
      description =
          "Make new keys and certificates for the hosts that --out has; nothing else changes."
              + " With --install: put only those in place.")
  private boolean renew;

  @Option(names = "--force", description = "With --install: replace a configuration that is there.")
  private boolean force;

  InitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try {
      if (renew) {
        renewed();
        return 0;
      }
      if (install == null || !hosts.isEmpty() || !Files.isDirectory(out.resolve(install))) {
        written(plan());
      }
      if (install != null) {
        installed(install);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandFailed("not written: " + e.getMessage(), e);
    }
  }

  /// The folder of an installed host has no authority beside it: there the copies are made.
  private void renewed() throws IOException {
    String host = install;
    if (host != null) {
      List<Path> files = new HostInstallation(etc, units).renew(folder(host));
      files.forEach(file -> terminal.out().println("installed " + file));
      terminal
          .out()
          .println("Next: systemctl reload baton-agent, and baton-coordination where it runs");
      return;
    }
    for (String each : ClusterFiles.renew(out)) {
      terminal.out().println("renewed  " + out.resolve(each));
    }
    terminal
        .out()
        .println(
            "Next, on each host: copy its folder there, then as root: baton init --renew --out DIR"
                + " --install HOST");
  }

  private ClusterPlan plan() {
    if (hosts.isEmpty()) {
      ask();
    }
    List<Host> all = new ArrayList<>();
    hosts.forEach(text -> all.add(Host.parse(text, Role.DATABASE)));
    if (witness != null) {
      all.add(Host.parse(witness, Role.WITNESS));
    }
    gateways.forEach(text -> all.add(Host.parse(text, Role.GATEWAY)));
    String named = Objects.requireNonNullElse(service, "app");
    return new ClusterPlan(
        Objects.requireNonNullElse(cluster, "main"),
        List.copyOf(all),
        named,
        Objects.requireNonNullElse(data, Path.of("/var/lib/postgresql/baton", named)),
        binaries != null ? binaries : newestPrograms(),
        user,
        etc,
        coordination);
  }

  private void ask() {
    if (!terminal.person()) {
      throw new IllegalArgumentException(
          "name the hosts that carry the database, as --hosts a=10.1.0.5,b=10.1.0.6"
              + " --witness w=10.1.0.7");
    }
    cluster = asked("Name of the cluster", Objects.requireNonNullElse(cluster, "main"));
    hosts = List.of(asked("Database hosts, as a=10.1.0.5,b=10.1.0.6", "").split(","));
    if (witness == null && coordination == null) {
      String third = asked("Witness, a third host that votes, as w=10.1.0.7 (empty: none)", "");
      witness = third.isEmpty() ? null : third;
    }
    service = asked("Name of the service", Objects.requireNonNullElse(service, "app"));
    data =
        Path.of(
            asked(
                "Data directory on the database hosts",
                Objects.requireNonNullElse(data, Path.of("/var/lib/postgresql/baton", service))
                    .toString()));
  }

  private String asked(String question, String usual) {
    String answer = terminal.ask(question + (usual.isEmpty() ? ": " : " [" + usual + "]: "));
    if (answer == null) {
      throw new IllegalArgumentException(
          "there was no answer; give the flags, see baton init --help");
    }
    return answer.isEmpty() ? usual : answer;
  }

  private static @Nullable Path newestPrograms() {
    return ServiceLoader.load(Engine.class)
        .findFirst()
        .flatMap(engine -> engine.installed().stream().findFirst())
        .orElse(null);
  }

  private void written(ClusterPlan plan) throws IOException {
    PrintWriter print = terminal.out();
    List<Host> fresh = new ClusterFiles(plan, out).write();
    for (Host host : plan.hosts()) {
      print.printf(
          "%-8s %s  %s, %s%n",
          fresh.contains(host) ? "written" : "kept",
          out.resolve(host.name()),
          host.role().name().toLowerCase(java.util.Locale.ROOT),
          host.address());
    }
    print.printf(
        "%-8s %s  keep it off the hosts: it makes further certificates%n",
        "secret", out.resolve("authority"));
    if (plan.binaries() == null) {
      print.println(
          "No PostgreSQL was found here: add 'binaries' to the service in each database host's"
              + " agent.yaml.");
    }
    if (install == null) {
      print.println(
          "Next, on each host: copy its folder there (scp -r), then as root: baton init --out DIR"
              + " --install "
              + plan.hosts().stream().map(Host::name).collect(Collectors.joining("|")));
    }
  }

  private Path folder(String host) throws IOException {
    Path folder = out.resolve(host);
    if (!Files.isReadable(folder.resolve("agent.yaml"))) {
      throw new IOException("there are no files of a host " + host + " in " + out);
    }
    return folder;
  }

  private void installed(String host) throws IOException {
    List<Path> files = new HostInstallation(etc, units).install(folder(host), force);
    files.forEach(file -> terminal.out().println("installed " + file));
    terminal
        .out()
        .println("Next: baton doctor; then systemctl enable --now baton-coordination baton-agent");
  }
}
