package dev.baton.service.control;

import dev.baton.model.view.AcknowledgeRequest;
import dev.baton.model.view.AuditCheckView;
import dev.baton.model.view.AuditView;
import dev.baton.model.view.DrillAbortRequest;
import dev.baton.model.view.DrillRequest;
import dev.baton.model.view.DrillRunRequest;
import dev.baton.model.view.DrillView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.SeriesView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import dev.baton.model.view.WhyView;
import dev.baton.service.control.ControlSource.LocalService;
import dev.baton.service.control.ControlSource.LocalState;
import dev.baton.service.control.Router.Resource;
import org.jspecify.annotations.Nullable;

/// What a resource takes and answers, in types.
///
/// @param request body; null: none
/// @param answer null: no JSON
/// @param list the answer is a list of it
record Contract(
    String summary,
    int status,
    @Nullable Class<?> request,
    @Nullable Class<?> answer,
    boolean list) {

  private static Contract one(String summary, Class<?> answer) {
    return new Contract(summary, 200, null, answer, false);
  }

  private static Contract many(String summary, Class<?> answer) {
    return new Contract(summary, 200, null, answer, true);
  }

  private static Contract posted(String summary, Class<?> request, Class<?> answer) {
    return new Contract(summary, 200, request, answer, false);
  }

  /// Without a default: a route that is not described does not compile.
  static Contract of(Resource resource) {
    return switch (resource) {
      case STATUS -> one("Services, hosts and alarms", StatusView.class);
      case SERVICES -> many("Services, their homes and standbys", ServiceView.class);
      case HOSTS -> many("Hosts, their agents, instances and load", HostView.class);
      case SESSIONS ->
          many(
              "Clients' sessions; the header Baton-Total-Count says how many match",
              SessionView.class);
      case DISCONNECT -> new Contract("Ends a session", 204, null, null, false);
      case POSITIONS -> many("How far the log is, rung by rung", PositionsView.class);
      case MEMORY -> many("What standbys' memories hold and have dropped", MemoryView.class);
      case MOVES -> many("Moves that run or have ended, newest first", MoveView.class);
      case MOVE -> one("One move", MoveView.class);
      case HISTORY -> many("Moves that have ended, newest first", MoveView.class);
      case START_MOVE ->
          new Contract(
              "Runs exactly that plan, or is refused",
              202,
              MoveRequest.class,
              MoveView.class,
              false);
      case ACKNOWLEDGE ->
          posted(
              "Records that somebody has looked at a move",
              AcknowledgeRequest.class,
              MoveView.class);
      case MAKE_PLAN -> posted("What a move would do now", PlanRequest.class, PlanView.class);
      case POLICIES -> many("When services are moved by themselves", PolicyView.class);
      case CHANGE_POLICY ->
          posted(
              "Changes a service's policy; what is left out stays",
              PolicyRequest.class,
              PolicyView.class);
      case MAINTENANCE -> many("Maintenance that was announced", MaintenanceView.class);
      case ANNOUNCE ->
          posted(
              "Announces a host's maintenance, changes or ends it",
              MaintenanceRequest.class,
              MaintenanceView.class);
      case DRILLS -> many("Drills, newest first", DrillView.class);
      case PLAN_DRILL ->
          posted(
              "What a drill would do, and whether it may; changes nothing",
              DrillRequest.class,
              DrillView.class);
      case DRILL -> one("One drill", DrillView.class);
      case DRILL_REPORT -> new Contract("The report of a drill as a page", 200, null, null, false);
      case RUN_DRILL ->
          new Contract(
              "Runs a drill that was planned", 202, DrillRunRequest.class, DrillView.class, false);
      case ABORT_DRILL ->
          new Contract(
              "Breaks a drill off, and takes back what it did",
              202,
              DrillAbortRequest.class,
              DrillView.class,
              false);
      case WHY -> many("What would happen now, and why no move has", WhyView.class);
      case SERIES ->
          many(
              "What this agent measured over time: up to an hour second by second, two weeks by"
                  + " minutes",
              SeriesView.class);
      case AUDIT -> many("Who changed what, newest first", AuditView.class);
      case CHECK_AUDIT -> many("Whether audit logs are as they were written", AuditCheckView.class);
      case OPENAPI -> new Contract("This description", 200, null, null, false);
      case STREAM ->
          new Contract(
              "A WebSocket: a snapshot, then what changes", 101, null, StreamMessage.class, false);
      case HEALTH -> one("200 when this agent can do its work, else 503", LocalState.class);
      case PRIMARY -> one("200 when clients' writes are served here, else 503", LocalService.class);
      case REPLICA -> one("200 when the local instance is a standby, else 503", LocalService.class);
      case READ_ONLY ->
          one("200 when reads can be served here, be they late, else 503", LocalService.class);
      case METRICS -> new Contract("For Prometheus", 200, null, null, false);
    };
  }
}
