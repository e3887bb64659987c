package dev.baton.core.memory;

import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/// A transaction whose requests no log covers.
///
/// @param stampedAt stamp of its first request
/// @param transaction the database's id of it, if it is known
/// @param gate place in the order in which gates were passed; 0 when it passed none
/// @param answersDigest as given with the gate
/// @param requests its requests in order, read-only; empty when they are not all here
public record UncoveredTransaction(
    String front,
    long session,
    long firstRequest,
    LogPosition stampedAt,
    OptionalLong transaction,
    long gate,
    long answersDigest,
    List<ByteBuffer> requests) {

  static UncoveredTransaction of(HeldTransaction held) {
    List<byte[]> bodies = held.bodies;
    return new UncoveredTransaction(
        held.front,
        held.session,
        held.firstRequest,
        held.firstStamp,
        held.transaction == 0 ? OptionalLong.empty() : OptionalLong.of(held.transaction),
        held.gate,
        held.answersDigest,
        bodies == null
            ? List.of()
            : bodies.stream().map(body -> ByteBuffer.wrap(body).asReadOnlyBuffer()).toList());
  }
}
