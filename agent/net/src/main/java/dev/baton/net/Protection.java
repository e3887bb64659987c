package dev.baton.net;

import dev.baton.core.engine.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Taking over an instance that was made outside of Baton, and giving it back. For an operator's
/// command on the instance's host, while no agent runs the instance. Methods block.
public interface Protection {
  /// Whether this instance was taken over and not given back.
  boolean isTakenOver();

  /// Looks at the running instance; changes nothing.
  ///
  /// @param targetFacts what [#hostFacts()] gave on the host of the standby to be; null when it is
  ///   not known
  /// @throws IOException when the instance cannot be asked, saying what is missing
  List<Finding> check(@Nullable String targetFacts) throws IOException;

  /// What a standby on this host would find here, as text for [#check(String)].
  String hostFacts() throws IOException;

  /// Commands for a superuser of the instance that make the agents' role with no more rights than
  /// it needs. They fail as a whole when there is such a role already.
  String roleScript();

  /// Prepares the data directory and stops the server in order; the agent starts it again. What it
  /// was like is kept in the data directory, and so is with the service wherever it moves.
  ///
  /// @param rules file to which the instance's own access rules are written as far as the agent can
  ///   keep them; null: nowhere
  /// @return what was done, a sentence each
  List<String> takeOver(@Nullable Path rules) throws IOException;

  /// Makes settings, access rules and roles of the stopped instance as they were before.
  ///
  /// @return what was done, a sentence each
  List<String> giveBack() throws IOException;
}
