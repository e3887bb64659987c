/// The control interface of an agent: JSON under `/v1`, the stream `/v1/stream`, and what load
/// balancers and Prometheus ask. Knows nothing of how an agent works: all it shows and all it does
/// goes through `ControlSource`. Reading is free on the loopback address; anything else needs a
/// token or a client's certificate, whose role says what its holder may do.
@NullMarked
package dev.baton.service.control;

import org.jspecify.annotations.NullMarked;
