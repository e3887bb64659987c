package dev.baton.service.views;

import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.WhyView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one agent has measured of itself; sent to other agents as JSON.
///
/// @param policies this agent's copy of them
/// @param why its assessments of the services at home there
public record LocalViews(
    HostView host,
    String coordination,
    String version,
    List<LocalService> services,
    List<SessionView> sessions,
    PolicyBook policies,
    List<WhyView> why,
    Instant measuredAt) {

  /// @param home as this agent knows it
  /// @param phase `open`, `taking`, `draining` or `held`
  /// @param recordVersion of the service's record that this agent acts on
  /// @param role of this host: `home`, `standby`, `seeding`, `down`, `none`
  /// @param member what the record says of this host: `joining`, `in-sync`, `out`
  /// @param current end of the home's log; only from the home itself
  /// @param log positions of a standby; null elsewhere
  /// @param unprotectedReason in the home's own words; null when a member is in sync
  public record LocalService(
      String service,
      String engine,
      String home,
      long epoch,
      long recordVersion,
      String phase,
      Durability durability,
      String role,
      String member,
      long generation,
      long timeline,
      @Nullable LogPosition current,
      @Nullable StandbyLog log,
      @Nullable MemoryView memory,
      @Nullable Integer seedPercent,
      @Nullable String unprotectedReason,
      List<String> inSync,
      List<MoveView> moves,
      int clients,
      int inTransaction,
      int notMovable,
      double transactionsPerSecond,
      @Nullable Long runningMove,
      List<AlarmView> alarms) {}

  public record StandbyLog(
      LogPosition homePosition,
      LogPosition received,
      LogPosition inMemory,
      LogPosition relayed,
      LogPosition flushed,
      LogPosition replayed) {}
}
