/// How a client gets in: listener, start-up packet, TLS, SCRAM as server, cancel requests; and how
/// its session gets a backend on any host with the key that the client's proof gave.
@NullMarked
package dev.baton.engine.postgres.login;

import org.jspecify.annotations.NullMarked;
