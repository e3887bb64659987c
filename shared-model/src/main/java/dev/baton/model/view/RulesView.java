package dev.baton.model.view;

import java.util.List;

/// When services are moved by themselves, as the stream tells it: every policy, all maintenance
/// that was announced, and what follows from both now.
///
/// @param why one for each service whose home's agent is heard of
public record RulesView(
    List<PolicyView> policies, List<MaintenanceView> maintenance, List<WhyView> why) {}
