package dev.baton.service.control;

import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// What the control interface shows and does. Every method is called from event loops and must
/// return at once; a stage may complete on any thread, later, since the answer may have to be
/// fetched from other agents. A stage fails with `Refused` when the request cannot be met for a
/// reason that the caller can act on; any other failure is answered with 500 and logged.
///
/// A view of another host that did not answer in time is given as last known, with its old
/// `measuredAt`: the reader sees its age.
public interface ControlSource {
  /// This agent alone, without asking anyone: load balancers decide by it several times a second.
  LocalState local();

  CompletionStage<StatusView> status();

  CompletionStage<List<ServiceView>> services();

  CompletionStage<List<HostView>> hosts();

  /// The sessions of every front that can be reached.
  CompletionStage<List<SessionView>> sessions();

  CompletionStage<List<PositionsView>> positions();

  CompletionStage<List<MemoryView>> memory();

  /// Running and ended moves of every service, newest first, at most 1,000.
  CompletionStage<List<MoveView>> moves();

  /// What a move would do now. A guardrail that blocks is part of the plan, not a refusal; refused
  /// is what cannot be planned at all: an unknown service (404), an unknown target (404).
  ///
  /// @param actor who asks, for the record
  CompletionStage<PlanView> plan(PlanRequest request, String actor);

  /// Begins the planned move and answers as soon as it is recorded; its progress is in `moves`.
  /// Refused: an unknown or expired plan (404), a state that has changed since (409, saying what
  /// changed), a guardrail that blocks (409), a confirmation that is missing or wrong (422).
  CompletionStage<MoveView> move(MoveRequest request, String actor);

  /// Records that somebody has looked at a move that has ended. A second one replaces the first.
  /// Refused: the agent that keeps the move cannot be reached (503), or knows it no more (404).
  ///
  /// @return the move with it
  CompletionStage<MoveView> acknowledge(MoveView move, String comment, String actor);

  /// Ends one session as an administrator's command would. Refused: no such session (404).
  CompletionStage<Void> disconnect(String sessionId, String actor);

  PolicyDesk policies();

  AuditDesk audit();

  SeriesDesk series();

  DrillDesk drills();

  /// @param host name of this agent's host
  /// @param coordination `connected`, `suspended` or `lost`
  record LocalState(String host, String coordination, List<LocalService> services) {}

  /// @param role of the local instance: `primary`, `standby`, `down`, `seeding`, or `none` on a
  ///   gateway
  /// @param serving true when this agent passes clients' work to its local instance now: the door
  ///   is open and the lease holds
  record LocalService(String service, String role, boolean serving) {}
}
