package dev.baton.engine.postgres.scram;

import dev.baton.engine.postgres.wire.SecretBytes;

/// What a client's successful login leaves behind: enough to log in as it to any instance with the
/// same verifier, and to know that instance by its own proof. Never the password.
///
/// @param user byte string, as in the start-up packet
public record Credential(String user, SecretBytes clientKey, SecretBytes serverKey) {}
