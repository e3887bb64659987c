package dev.baton.service.control;

import dev.baton.service.config.OwnerOnly;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The secrets by which somebody may do something: the one of the operator token file, whose holder
/// may do everything, and those of a file of tokens, each with a name and a role. Only their
/// digests are kept in RAM. Immutable.
public final class Tokens {
  private static final int MAX_BYTES = 1 << 20;
  private static final String DIGEST = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /// What a line of the file has.
  private static final int MIN_WORDS = 3;

  private static final int MAX_WORDS = 4;

  static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@+-]{1,64}");

  /// @param name null: the holder may say who they are
  /// @param until null: for good
  @SuppressWarnings("ArrayRecordComponent") // compared by MessageDigest alone
  record Token(byte[] digest, @Nullable String name, Role role, @Nullable Instant until) {
    boolean isOverAt(Instant now) {
      return until != null && !now.isBefore(until);
    }
  }

  private final List<Token> all;

  private Tokens(List<Token> all) {
    this.all = List.copyOf(all);
  }

  /// @param operatorTokenFile holds one token
  /// @param tokensFile lines of a role, a name, a token or `sha256:` and its digest, and until
  ///   when; null: there is none
  /// @throws IOException naming file, line and what to do about everything that is wrong
  public static Tokens read(Path operatorTokenFile, @Nullable Path tokensFile) throws IOException {
    List<Token> all = new ArrayList<>();
    all.add(new Token(OperatorToken.read(operatorTokenFile), null, Role.ADMIN, null));
    if (tokensFile != null) {
      readLines(tokensFile, all);
    }
    return new Tokens(all);
  }

  private static void readLines(Path file, List<Token> all) throws IOException {
    Optional<String> problem = OwnerOnly.problem(file);
    if (problem.isPresent()) {
      throw new IOException(problem.get());
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw new IOException(file + " is not UTF-8", e);
    }
    List<String> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        Token token = token(line.split("\\s+"));
        if (!names.add(token.name())) {
          throw new IllegalArgumentException("a second token of '" + token.name() + "'");
        }
        all.add(token);
      } catch (IllegalArgumentException e) {
        problems.add(file + " line " + (i + 1) + ": " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
  }

  /// Never says what the token is: messages go into logs.
  private static Token token(String[] words) {
    if (words.length < MIN_WORDS || words.length > MAX_WORDS) {
      throw new IllegalArgumentException(
          "give a role, a name, a token, and if it ends, when: 'operator alice TOKEN"
              + " 2027-01-01T00:00:00Z'");
    }
    Role role =
        Role.named(words[0])
            .orElseThrow(
                () -> new IllegalArgumentException("the role must be viewer, operator or admin"));
    if (!NAME.matcher(words[1]).matches()) {
      throw new IllegalArgumentException("the name must match " + NAME);
    }
    return new Token(
        digest(words[2]), words[1], role, words.length == MAX_WORDS ? until(words[3]) : null);
  }

  private static byte[] digest(String word) {
    if (word.startsWith(DIGEST)) {
      String hex = word.substring(DIGEST.length()).toLowerCase(Locale.ROOT);
      if (!HEX.matcher(hex).matches()) {
        throw new IllegalArgumentException("after 'sha256:' come 64 hexadecimal digits");
      }
      return HexFormat.of().parseHex(hex);
    }
    OperatorToken.requireStrong(word);
    return sha256(word);
  }

  private static Instant until(String word) {
    try {
      return Instant.parse(word);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("until when is written as 2027-01-01T00:00:00Z", e);
    }
  }

  /// Takes the same time for every wrong token, and for a right one whichever it is.
  Optional<Token> find(String given) {
    byte[] digest = sha256(given);
    Token found = null;
    for (Token token : all) {
      if (MessageDigest.isEqual(token.digest(), digest)) {
        found = token;
      }
    }
    return Optional.ofNullable(found);
  }

  static byte[] sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
