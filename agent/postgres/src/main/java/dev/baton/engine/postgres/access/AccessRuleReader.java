package dev.baton.engine.postgres.access;

import dev.baton.engine.postgres.access.AccessRule.CertificateDemand;
import dev.baton.engine.postgres.access.AccessRule.Encryption;
import dev.baton.engine.postgres.access.AccessRule.Method;
import dev.baton.engine.postgres.access.AccessRule.Names;
import dev.baton.engine.postgres.access.RuleFields.Word;
import dev.baton.net.AccessPolicy;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads lines of `pg_hba.conf`. What a front cannot do is refused by name, with what to do
/// instead.
final class AccessRuleReader {
  private static final int MIN_FIELDS = 5;

  private final AccessPolicy policy;

  AccessRuleReader(AccessPolicy policy) {
    this.policy = policy;
  }

  /// The text says what is wrong and what to do.
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String problem) {
      super(problem);
    }
  }

  /// Empty for a line that says nothing to a front: a comment, or a rule for Unix sockets or for
  /// GSSAPI encryption, by which no client comes.
  Optional<AccessRule> read(AccessPolicy.Rule rule) throws Wrong {
    List<List<Word>> fields;
    try {
      fields = RuleFields.of(rule.text());
    } catch (IllegalArgumentException e) {
      throw new Wrong(String.valueOf(e.getMessage()));
    }
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    Encryption encryption;
    switch (only(fields.getFirst(), "the kind of connection")) {
      case "local", "hostgssenc" -> {
        return Optional.empty();
      }
      case "host", "hostnogssenc" -> encryption = Encryption.EITHER;
      case "hostssl" -> encryption = Encryption.WITH_TLS;
      case "hostnossl" -> encryption = Encryption.WITHOUT_TLS;
      case "include", "include_if_exists", "include_dir" ->
          throw new Wrong("other files are not included; put their lines here");
      default ->
          throw new Wrong(
              "'" + fields.getFirst().getFirst().text() + "' is none of host, hostssl, hostnossl");
    }
    return Optional.of(rest(rule.origin(), encryption, fields));
  }

  private AccessRule rest(String origin, Encryption encryption, List<List<Word>> fields)
      throws Wrong {
    if (fields.size() < MIN_FIELDS) {
      throw new Wrong(
          "a rule has five columns: kind, databases, users, address, method (host all all"
              + " 10.0.0.0/8 scram-sha-256)");
    }
    Names databases = databases(fields.get(1));
    Names users = users(fields.get(2));
    String address = only(fields.get(3), "the address");
    boolean masked = AddressRange.literal(address).isPresent();
    List<AddressRange> from =
        masked ? List.of(masked(address, fields.get(4))) : addresses(fields.get(3).getFirst());
    int methodAt = masked ? MIN_FIELDS : MIN_FIELDS - 1;
    if (fields.size() <= methodAt) {
      throw new Wrong("the method is missing: scram-sha-256, cert, trust or reject");
    }
    Method method = method(only(fields.get(methodAt), "the method"));
    CertificateDemand demand = CertificateDemand.NONE;
    for (List<Word> option : fields.subList(methodAt + 1, fields.size())) {
      demand = option(only(option, "an option"), demand);
    }
    checkCertificates(encryption, method, demand);
    if ((method == Method.TRUST || method == Method.CERTIFICATE)
        && policy.rolePasswords() == null) {
      throw new Wrong(
          "a client that proves no password can only be logged in to the database with one that the"
              + " agent knows: name a file of them in rolePasswordsFile, or use scram-sha-256");
    }
    return new AccessRule(origin, encryption, databases, users, from, method, demand);
  }

  private static Names databases(List<Word> words) throws Wrong {
    Set<String> names = new HashSet<>();
    boolean all = false;
    boolean same = false;
    for (Word word : words) {
      if (word.is("all")) {
        all = true;
      } else if (word.is("sameuser")) {
        same = true;
      } else if (word.is("samerole") || word.is("samegroup")) {
        throw new Wrong(
            word.text() + " needs memberships, which are not looked up: name databases");
      } else if (!word.is("replication")) { // such connections are not taken in any case
        names.add(name(word));
      }
    }
    return new Names(all, same, names);
  }

  private static Names users(List<Word> words) throws Wrong {
    Set<String> names = new HashSet<>();
    boolean all = false;
    for (Word word : words) {
      if (word.is("all")) {
        all = true;
      } else if (!word.quoted() && word.text().startsWith("+")) {
        throw new Wrong(
            word.text() + " needs memberships, which are not looked up: name the roles");
      } else {
        names.add(name(word));
      }
    }
    return new Names(all, false, names);
  }

  private static String name(Word word) throws Wrong {
    if (!word.quoted() && word.text().startsWith("/")) {
      throw new Wrong("regular expressions are not taken: name what " + word.text() + " means");
    }
    if (!word.quoted() && word.text().startsWith("@")) {
      throw new Wrong("lists in files are not taken: put the names of " + word.text() + " here");
    }
    if (word.text().isEmpty()) {
      throw new Wrong("a name is empty");
    }
    return word.text();
  }

  private static AddressRange masked(String address, List<Word> mask) throws Wrong {
    String text = only(mask, "the mask");
    return AddressRange.ofMask(address, text)
        .orElseThrow(
            () ->
                new Wrong(
                    "'%s' is no mask for %s: write %s/32 or the like"
                        .formatted(text, address, address)));
  }

  private static List<AddressRange> addresses(Word word) throws Wrong {
    if (word.is("all")) {
      return AddressRange.ANY;
    }
    if (word.is("samehost") || word.is("samenet")) {
      try {
        return AddressRange.own(word.is("samenet"));
      } catch (SocketException e) {
        throw new Wrong(word.text() + " cannot be found out: " + e.getMessage());
      }
    }
    return List.of(
        AddressRange.parse(word.text())
            .orElseThrow(
                () ->
                    new Wrong(
                        "'"
                            + word.text()
                            + "' is no address like 10.0.0.0/8 or ::1/128; names of hosts are not"
                            + " looked up")));
  }

  private static Method method(String text) throws Wrong {
    return switch (text) {
      // A server with this method takes SCRAM from every role whose password is stored so.
      case "scram-sha-256", "md5" -> Method.SCRAM;
      case "trust" -> Method.TRUST;
      case "cert" -> Method.CERTIFICATE;
      case "reject" -> Method.REJECT;
      case "password" -> throw new Wrong("passwords in the clear are not taken: use scram-sha-256");
      case "gss", "sspi", "ident", "peer", "ldap", "radius", "pam", "bsd", "oauth" ->
          throw new Wrong(
              text
                  + " is not offered: use scram-sha-256, or cert with a rolePasswordsFile, for"
                  + " those clients");
      default -> throw new Wrong("'" + text + "' is no method: scram-sha-256, cert, trust, reject");
    };
  }

  private static CertificateDemand option(String text, CertificateDemand before) throws Wrong {
    return switch (text) {
      case "clientcert=verify-ca" -> CertificateDemand.TRUSTED;
      case "clientcert=verify-full" -> CertificateDemand.OF_THE_USER;
      case "clientname=CN" -> before; // as without it
      default ->
          throw new Wrong(
              "option '" + text + "' is not offered; clientcert=verify-ca and verify-full are");
    };
  }

  private void checkCertificates(Encryption encryption, Method method, CertificateDemand demand)
      throws Wrong {
    if (method != Method.CERTIFICATE && demand == CertificateDemand.NONE) {
      return;
    }
    AccessPolicy.Tls tls = policy.tls();
    if (encryption != Encryption.WITH_TLS) {
      throw new Wrong("client certificates go with hostssl only");
    }
    if (tls == null || tls.clientCa() == null) {
      throw new Wrong("client certificates need the key clientTls.clientCa");
    }
  }

  private static String only(List<Word> field, String what) throws Wrong {
    if (field.size() != 1) {
      throw new Wrong(what + " is one word, not " + field.size());
    }
    return field.getFirst().text();
  }
}
