package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.Durability;
import dev.baton.net.AccessPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigTest {
  private static final String GOOD =
      """
      cluster: demo
      host: a
      bind: 127.0.0.1
      ports: {clients: 6432, peers: 6433, control: 6434}
      directory: agent
      coordination: 127.0.0.1:6435
      secretFile: secret
      operatorTokenFile: token
      services:
        - name: app
          home: a
          dataDirectory: data
          port: 6440
          relayPort: 6441
          adminPasswordFile: password
      """;

  @TempDir Path folder;

  @Test
  void fillsInWhatIsUsual() throws Exception {
    AgentConfig config = read(GOOD);
    assertThat(config.ports().peers()).isEqualTo(6433);
    AgentConfig.Service service = config.services().getFirst();
    assertThat(service.engine()).isEqualTo("postgresql");
    assertThat(service.durability()).isEqualTo(Durability.REPLICATION);
    assertThat(service.memoryBytes()).isEqualTo(256L << 20);
    assertThat(service.twins()).isTrue();
  }

  @Test
  void namesTheLineOfAnUnknownKeyAndTheNearestKnownOne() {
    assertThatThrownBy(() -> read(GOOD.replace("bind:", "bnid:")))
        .isInstanceOf(AgentConfig.ConfigurationException.class)
        .hasMessageContaining("line 3: unknown key 'bnid', did you mean 'bind'?");
    assertThatThrownBy(() -> read(GOOD + "    maxclient: 5\n"))
        .hasMessageContaining(
            "line 16: unknown key 'services[0].maxclient', did you mean 'maxClients'?");
    assertThatThrownBy(() -> read(GOOD + "    clientTls: {certifcate: x}\n"))
        .hasMessageContaining("did you mean 'certificate'?");
    assertThatThrownBy(() -> read(GOOD + "relayPort: 5\n"))
        .hasMessageContaining("unknown key 'relayPort', did you mean 'services[].relayPort'?");
    assertThatThrownBy(() -> read(GOOD + "somethingElse: 5\n"))
        .hasMessageEndingWith("unknown key 'somethingElse'");
  }

  @Test
  void namesTheKeyThatIsMissing() {
    assertThatThrownBy(() -> read(GOOD.replace("cluster: demo\n", "")))
        .hasMessageContaining("agent.yaml: cluster: is missing");
    assertThatThrownBy(() -> read(GOOD.replace("    port: 6440\n", "")))
        .hasMessageContaining("line 10: services[0].port: is missing; give 1 to 65535");
    assertThatThrownBy(() -> read(GOOD + "    clientTls: {certificate: x}\n"))
        .hasMessageContaining("line 16: services[0].clientTls.privateKey: is missing");
  }

  @Test
  void saysHowTheWayToAHostIsWritten() throws Exception {
    assertThat(read("reach: ['b=10.0.0.7:6433']\n" + GOOD).reach()).hasSize(1);
    assertThatThrownBy(() -> read("reach: ['10.0.0.7:6433']\n" + GOOD))
        .hasMessageContaining("reach: '10.0.0.7:6433' is no way; write HOST=ADDRESS:PORT");
  }

  @Test
  void aGatewayHasNeitherAnInstanceNorItsPorts() throws Exception {
    String without = GOOD.replace("    dataDirectory: data\n", "");
    assertThatThrownBy(() -> read(without))
        .hasMessageContaining("services[0].dataDirectory: is missing; add it, or leave the ports");
    AgentConfig gateway =
        read(without.replace("    port: 6440\n", "").replace("    relayPort: 6441\n", ""));
    assertThat(gateway.services().getFirst().carriesInstance()).isFalse();
    assertThat(read(GOOD).services().getFirst().carriesInstance()).isTrue();
  }

  @Test
  void anAddressThatOthersReachWantsTlsBetweenAgents() throws Exception {
    String real = GOOD.replace("bind: 127.0.0.1", "bind: 10.1.0.5");
    assertThatThrownBy(() -> read(real))
        .hasMessageContaining("line 3: bind: 10.1.0.5 can be reached by other hosts")
        .hasMessageContaining("peers.tls.certificate, peers.tls.privateKey and peers.tls.ca")
        .hasMessageContaining("or peers.bind: 127.0.0.1");
    assertThat(read(real + "peers: {bind: 127.0.0.1}\n").peerAddress()).isEqualTo("127.0.0.1");
    assertThatThrownBy(() -> read(GOOD + "peers: {bind: 0.0.0.0}\n"))
        .hasMessageContaining("line 16: peers.bind: 0.0.0.0 can be reached");
    assertThatThrownBy(() -> read(real + "peers: {tls: {certificate: c}}\n"))
        .hasMessageContaining("peers.tls.privateKey: is missing")
        .hasMessageContaining("peers.tls.ca: is missing");
    String tls = "peers: {tls: {certificate: c, privateKey: k, ca: a}%s}\n";
    assertThat(read(real + tls.formatted("")).peerAddress()).isEqualTo("10.1.0.5");
    String any = real.replace("10.1.0.5", "0.0.0.0");
    assertThatThrownBy(() -> read(any + tls.formatted("")))
        .hasMessageContaining("0.0.0.0 names no address by which the other agents reach this one")
        .hasMessageContaining("add peers.address");
    AgentConfig told = read(any + tls.formatted(", address: db1.example"));
    assertThat(told.peerBind()).isEqualTo("0.0.0.0");
    assertThat(told.peerAddress()).isEqualTo("db1.example");
    assertThatThrownBy(() -> read(GOOD + "coordinationTls: {certificate: c, privateKey: k}\n"))
        .hasMessageContaining("line 16: coordinationTls.ca: is missing");
  }

  @Test
  void namesEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    GOOD.replace("6440", "66440").replace("    home: a\n", "")
                        + "    holdMillis: -1\n    maxTransactionBytes: 1\n"))
        .hasMessageContaining("line 10: services[0].home: is missing")
        .hasMessageContaining("line 12: services[0].port: 66440 is no port")
        .hasMessageContaining("line 15: services[0].holdMillis: -1 is out of range, 0 to 86400000")
        .hasMessageContaining("line 16: services[0].maxTransactionBytes: 1 is out of range");
  }

  @Test
  void saysWhatAValueShouldBe() {
    assertThatThrownBy(() -> read(GOOD.replace("port: 6440", "port: many")))
        .hasMessageContaining("line 13: services[0].port: expected a whole number");
    assertThatThrownBy(() -> read(GOOD + "    twins: perhaps\n"))
        .hasMessageContaining("line 16: services[0].twins: expected true or false");
    assertThatThrownBy(() -> read(GOOD + "    durability: always\n"))
        .hasMessageContaining("line 16: services[0].durability")
        .hasMessageContaining("replication, request or async");
    assertThatThrownBy(() -> read(GOOD + "    access: all\n"))
        .hasMessageContaining("line 16: services[0].access: expected a list");
  }

  @Test
  void namesTheLineThatIsNoYaml() {
    assertThatThrownBy(() -> read(GOOD.replace("host: a\nbind", "host: 'a\nbind")))
        .isInstanceOf(AgentConfig.ConfigurationException.class)
        .hasMessageContaining("agent.yaml line ");
    assertThatThrownBy(() -> read("just a text\n")).hasMessageContaining("not a list of keys");
    assertThatThrownBy(() -> read("")).hasMessageContaining("not a list of keys");
    assertThatThrownBy(() -> read(GOOD + "cluster: twice\n"))
        .hasMessageContaining("line 16: key 'cluster' is there already, in line 1");
  }

  @Test
  void refusesNumbersThatAreTakenTwice() {
    assertThatThrownBy(() -> read(GOOD.replace("relayPort: 6441", "relayPort: 6440")))
        .hasMessageContaining("services[0].relayPort: port 6440 is that of services[0].port");
    assertThatThrownBy(() -> read(GOOD.replace("control: 6434", "control: 6433")))
        .hasMessageContaining("ports.control: port 6433 is that of ports.peers");
    String second = GOOD.substring(GOOD.indexOf("  - name")).replace("644", "645");
    assertThatThrownBy(() -> read(GOOD + second))
        .hasMessageContaining("two services are named 'app'")
        .hasMessageContaining("services[1].clientPort (none: ports.clients): port 6432 is that of");
  }

  @Test
  void readsWhoMayComeIn() throws Exception {
    Path rules = folder.resolve("pg_hba.conf");
    Files.writeString(
        rules, "# old\nlocal all all peer\nhost all \\\nall all md5\nhost all x all reject\n");
    Path key = folder.resolve("key");
    Files.writeString(key, "x");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    AgentConfig.Loaded loaded =
        load(
            GOOD
                + "    accessFile: %s\n    clientTls: {certificate: %s, privateKey: %s}\n"
                    .formatted(rules, rules, key));
    AccessPolicy policy = AccessPolicies.of(loaded, 0);
    assertThat(policy.tls()).isEqualTo(new AccessPolicy.Tls(rules, key, false, null));
    assertThat(policy.rules())
        .contains(
            new AccessPolicy.Rule(rules + " line 3", "host all all all md5"),
            new AccessPolicy.Rule(rules + " line 5", "host all x all reject"));

    AgentConfig.Loaded inPlace =
        load(GOOD + "    access:\n      - host all all all reject\n      - host b c all md5\n");
    assertThat(AccessPolicies.of(inPlace, 0).rules().get(1).origin())
        .endsWith("agent.yaml line 18");
  }

  @Test
  void refusesAnOpenKeyAndARuleFileWithoutRules() throws Exception {
    Path open = folder.resolve("key");
    Files.writeString(open, "# no rule\n\n");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
    AgentConfig.Loaded loaded =
        load(
            GOOD
                + """
                    accessFile: %1$s
                    rolePasswordsFile: %1$s
                    clientTls: {certificate: /nowhere, privateKey: %1$s}
                """
                    .formatted(open));
    assertThatThrownBy(() -> AccessPolicies.of(loaded, 0))
        .hasMessageContaining("line 16: services[0].accessFile: " + open + " has no rule")
        .hasMessageContaining("line 17: services[0].rolePasswordsFile")
        .hasMessageContaining("line 18: services[0].clientTls.privateKey")
        .hasMessageContaining("run: chmod 600 " + open)
        .hasMessageContaining("services[0].clientTls.certificate: /nowhere is not a file");
    assertThatThrownBy(() -> read(GOOD + "    access: [x]\n    accessFile: y\n"))
        .hasMessageContaining("give one of both");
  }

  @Test
  void refusesASecretThatOthersCanRead() throws IOException {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "x\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> AgentConfig.secret(secret)).hasMessageContaining("chmod 600");
  }

  @Test
  void readsASecretWithoutItsLineEnd() throws Exception {
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "x\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertThat(AgentConfig.secret(secret)).isEqualTo("x");
  }

  private AgentConfig read(String text) throws Exception {
    return load(text).config();
  }

  private AgentConfig.Loaded load(String text) throws Exception {
    Path file = folder.resolve("agent.yaml");
    Files.writeString(file, text);
    return AgentConfig.load(file);
  }
}
