package dev.baton.engine.postgres.session;

import dev.baton.core.route.RequestLog;
import dev.baton.core.route.Route;
import dev.baton.net.FrontSettings;

/// What all sessions of one front share. Everything in it is safe for any thread.
record FrontShared(
    FrontSettings settings,
    Route route,
    RequestLog requestLog,
    MoveTallies tallies,
    RestoreOrder order,
    BindingFunctions functions) {}
