using System.Collections.Immutable;
using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>What applies in an environment, setting by setting, and where each value comes from. Secrets are shown as references only.</summary>
public static class EnvironmentReport
{
    /// <summary>The lines of <c>:environments</c> for one environment.</summary>
    /// <param name="environment">The environment as it applies.</param>
    /// <param name="asRead">The same before the build changed it in C#; null: it did not.</param>
    public static ImmutableArray<string> Of(EnvironmentSpec environment, EnvironmentSpec? asRead = null)
    {
        var rows = RowsOf(environment).ToList();
        var before = asRead is null ? null : RowsOf(asRead).ToLookup(x => x.Id, x => x.Value, StringComparer.Ordinal);
        var nameWidth = rows.Max(x => x.Name.Length);
        // One long query must not push the origins of all other lines out of sight.
        var valueWidth = Math.Min(rows.Max(x => x.Value.Length), 48);
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add($"{environment.Name}  ({environment.Application})");
        var group = "";
        foreach (var row in rows)
        {
            if (row.Group != group)
                lines.Add($"  {row.Group}");
            group = row.Group;
            var origin = before is not null && !before[row.Id].Contains(row.Value, StringComparer.Ordinal) ? "C#" : OriginOf(environment, row.Path);
            lines.Add($"  {(group.Length > 0 ? "  " : "")}{row.Name.PadRight(nameWidth + (group.Length > 0 ? 0 : 2))}  {row.Value.PadRight(valueWidth)}  {origin}");
        }

        foreach (var missing in environment.NotEnforced)
        {
            lines.Add($"  {(missing.IsGate ? "keeps releases out: " : "not done: ")}{missing.Problem.Message}");
            if (missing.Problem.Remedy is { } remedy)
                lines.Add($"    → {remedy}");
        }

        return lines.ToImmutable();
    }

    static string OriginOf(EnvironmentSpec environment, string path)
    {
        if (environment.Origins.GetValueOrDefault(path) is not { } origin)
            return "default";
        var own = $"environment '{environment.Name}'";
        if (origin.Layer == own || origin.Layer.EndsWith($"of {own}", StringComparison.Ordinal))
            return origin.Where.ToString();
        return $"{origin.Where} ({(origin.Layer == Layers.File ? "for all environments" : origin.Layer.Replace("'defaults'", "defaults", StringComparison.Ordinal))})";
    }

    static IEnumerable<Row> RowsOf(EnvironmentSpec environment)
    {
        var policy = environment.Policy;
        yield return new("", "platform", environment.Platform, "platform");
        yield return new("", "protected", Word(environment.IsProtected), "protected");
        yield return new("", "requires_verified_on", environment.RequiresVerifiedOn ?? "none", "requires_verified_on");
        foreach (var (kind, requirement) in environment.Verdicts)
            yield return new("", $"verdicts.{kind}", requirement == VerdictRequirement.Required ? "required" : "when-available", $"verdicts.{kind}");
        yield return new("", "branches", environment.Branches.IsEmpty ? "all" : List(environment.Branches), "branches");
        if (environment.AutoDeploy is { } automatic)
            yield return new("", "auto_deploy", Word(automatic), environment.Origins.ContainsKey("auto_deploy") ? "auto_deploy" : "approvals.auto_deploy");
        yield return new("", "keep_releases", Number(environment.KeptReleases), "keep_releases");
        var approvals = environment.Approvals;
        yield return new("", "approvals", Wish(approvals), environment.Origins.ContainsKey("approvals") ? "approvals" : "approval_required");
        if (!approvals.BreakGlass.IsEmpty)
            yield return new("", "approvals.break_glass", $"{List(approvals.BreakGlass)}, countersigned within {Durations.Format(approvals.CountersignWithin)}", "approvals.break_glass");
        if (approvals.Required)
            yield return new("", "approvals.signers", approvals.Signers, "approvals.signers");
        if (environment.Bypass is { } bypass)
            yield return new("", "bypass", $"{bypass.Minimum} of {(bypass.Approvers.IsEmpty ? "anybody" : List(bypass.Approvers))}", "bypass");
        if (environment.Acceptance.Required)
            yield return new("", "acceptance", Wish(environment.Acceptance), "acceptance");
        if (!environment.Windows.IsEmpty)
            yield return new("", "windows", $"{environment.Windows.Allow.Length} allow, {environment.Windows.Deny.Length} deny, {environment.Windows.Freezes.Length} freezes, {environment.Windows.TimeZone}", "windows");
        foreach (var check in environment.Checks)
            yield return new("", $"checks.{check.Name}", check.ToString(), $"checks.{check.Kind}");
        if (!environment.Hotfix.Skip.IsEmpty)
            yield return new("", "hotfix", $"{List(environment.Hotfix.Branches)} without {List(environment.Hotfix.Skip)}", "hotfix");
        if (environment.Database is { } database)
        {
            yield return new("", "database", database.Name ?? "of the connection", "database");
            if (database.Connection is { } connection)
                yield return new("", "database.connection", connection.ToString(), "database.connection");
            foreach (var (key, command) in new[] { ("migrations", database.Migrations), ("contract", database.Contract), ("down", database.Down), ("confirm", database.Confirm), ("restore", database.Restore) })
            {
                if (!command.IsEmpty)
                    yield return new("", $"database.{key}", List(command, " "), $"database.{key}");
            }

            if (database.BacksUp)
                yield return new("", "database.backup", $"{(database.Backup.IsEmpty ? "pg_dump" : List(database.Backup, " "))}{(database.Key is null ? "" : $", encrypted ({database.Key})")}{(database.Retention is { } retention ? $", kept {Periods.Format(retention)}" : "")}", "database.backup");
            if (!database.Migrations.IsEmpty)
            {
                yield return new("", "database.rehearse", Word(database.Rehearses), "database.rehearse");
                yield return new("", "database.on_rollback", database.OnRollback switch { DatabaseFallback.MigrateDown => "migrate-down", DatabaseFallback.Restore => "restore", _ => "keep" }, "database.on_rollback");
            }
        }

        if (environment.Secrets.Provider is { } provider)
            yield return new("", "secrets.provider", provider, "secrets.provider");
        if (environment.Secrets.Rotation is { } rotation)
            yield return new("", "secrets.rotation", Periods.Format(rotation), "secrets.rotation");
        foreach (var trigger in policy.Triggers)
            yield return new("", $"must hold: {trigger.Metric.Name}", Text(trigger), TriggerPath(environment, trigger));
        yield return new("", "rollback.strategy", policy.RollbackMode == RollbackMode.Immediate ? "immediate" : $"gradual, {Durations.Format(policy.RollbackStep)} a step", "rollback.strategy");
        yield return new("", "rollback.watch", Durations.Format(policy.Watch), "rollback.watch");
        yield return new("", "controller_lost", $"{(policy.ControllerLost == LostController.Hold ? "hold" : "rollback")} after {Durations.Format(policy.ControllerLostAfter)}", "controller_lost");
        yield return new("", "interrupted", policy.Interrupted == InterruptedDeployment.Continue ? "continue" : "rollback", "interrupted");
        var analysis = policy.Analysis;
        yield return new("", "analysis.interval", Durations.Format(analysis.Interval), "analysis.interval");
        yield return new("", "analysis.min_samples", Number(analysis.MinimumSamples), "analysis.min_samples");
        yield return new("", "analysis.hold", $"{Durations.Format(analysis.HoldLimit)}, then {(analysis.Inconclusive == InconclusiveAction.Promote ? "promote" : "rollback")}", "analysis.hold");
        foreach (var comparison in analysis.Comparisons)
        {
            var path = $"analysis.compare.{comparison.Metric.Name}";
            yield return new("", $"compare: {comparison.Metric.Name}", Text(comparison), environment.Origins.ContainsKey(path) ? path : "rollback.triggers.degradation");
        }

        foreach (var record in environment.Audit)
        {
            string[] rules = [record.Retention is { } period ? $"kept {Periods.Format(period)}" : "kept for ever", .. record.Encryption ? ["encrypted"] : (string[])[], .. record.TamperProof ? ["tamper-proof"] : (string[])[], .. record.ComplianceMapping ? ["with controls"] : (string[])[]];
            yield return new("", $"audit.{record.Name}", string.Join(", ", rules), $"audit.{record.Name}");
        }

        if (AuditRules.Of(environment).Key is { } auditKey)
            yield return new("", "audit.key", auditKey.ToString(), "audit.key");
        foreach (var metric in environment.Metrics)
            yield return new("", $"metrics.{metric.Name}", $"{metric.PublishedName ?? KnownMetric.All.First(x => x.Name == metric.Name).PublishedName}{(metric.Labels.IsEmpty ? "" : $" by {List(metric.Labels)}")}", $"metrics.{metric.Name}");
        if (environment.MetricsAddress is { } metricsAddress)
            yield return new("", "metrics.listen", metricsAddress.OriginalString, "metrics.listen");
        foreach (var notification in environment.Notifications)
            yield return new("", $"notifications.{notification.Channel}", List(notification.Recipients), "notifications");
        foreach (var notification in environment.RollbackNotifications)
            yield return new("", $"rollback.notification.{notification.Channel}", List(notification.Recipients), "rollback.notification");
        foreach (var service in environment.Services)
        {
            foreach (var row in RowsOf(environment, service))
                yield return row;
        }
    }

    static IEnumerable<Row> RowsOf(EnvironmentSpec environment, ServiceSpec service)
    {
        var group = $"service {service.Name}";
        var prefix = environment.Origins.ContainsKey($"services.{service.Name}") ? $"services.{service.Name}." : "";
        Row Make(string name, string value, string? path = null) => new(group, name, value, $"{prefix}{path ?? name}");
        // Settings that other sections of the environment can give as well.
        Row Shared(string name, string value, params string[] paths) =>
            new(group, name, value, paths.SelectMany(x => (string[])[$"{prefix}{x}", x]).FirstOrDefault(environment.Origins.ContainsKey) ?? $"{prefix}{name}");
        yield return Make("artifact", service.Artifact);
        if (service.PublicUrl is { } publicUrl)
            yield return Make("url", publicUrl.OriginalString);
        yield return service.Url is { } url ? Make(environment.Origins.ContainsKey($"{prefix}listen") ? "listen" : "url", url.OriginalString) : Make("worker", "true");
        yield return Make("replicas", Number(service.Replicas));
        yield return Make("command", service.Command.IsEmpty ? "dotnet with the entry point" : List(service.Command, " "));
        foreach (var (variable, value) in service.Variables)
            yield return Make($"variables.{variable}", value);
        foreach (var (variable, secret) in service.Secrets)
            yield return Make($"secrets.{variable}", secret.ToString());
        if (service.Probe is { } probe)
        {
            yield return Make("health", $"{probe.HealthPath} every {Durations.Format(probe.Interval)}, {probe.FailureThreshold} failures of {Durations.Format(probe.Timeout)}", environment.Origins.ContainsKey($"{prefix}health") ? "health" : "strategy.health_check_endpoint");
            yield return Make("ready", probe.ReadyPath);
        }

        yield return Shared("startup_timeout", Durations.Format(service.StartupTimeout), "startup_timeout", "strategy.health_check_timeout", "performance.readiness_timeout");
        yield return Make("drain_timeout", Durations.Format(service.DrainTimeout));
        yield return Make("stop_grace", Durations.Format(service.StopGrace));
        if (service.Resources.Cpu is { } cpu)
            yield return Shared("resources.cpu", string.Create(CultureInfo.InvariantCulture, $"{cpu:0.###}"), "resources.cpu", "performance.resource_limits.cpu");
        if (service.Resources.Memory is { } memory)
            yield return Shared("resources.memory", Quantities.Format(memory), "resources.memory", "performance.resource_limits.memory");
        yield return Make("strategy", service.Strategy.Name, StrategyPath());
        foreach (var (name, value, path) in SettingsOf(service.Strategy))
            yield return Make(name, value, $"strategy.{path}");

        // A strategy that a section chose has no path of its own: its section has.
        string StrategyPath()
        {
            var section = service.Strategy.Name.Replace('-', '_');
            return environment.Origins.ContainsKey($"{prefix}strategy") || !environment.Origins.ContainsKey($"{prefix}{section}") ? "strategy" : section;
        }
    }

    static IEnumerable<(string Name, string Value, string Path)> SettingsOf(StrategySpec strategy)
    {
        (ImmutableArray<StageSpec> stages, TimeSpan? fallback) = strategy switch
        {
            StrategySpec.BlueGreen x => (x.Stages, x.Fallback),
            StrategySpec.Canary x => (x.Stages, x.Fallback),
            StrategySpec.FeatureFlags x => (x.Stages, x.Fallback),
            _ => (ImmutableArray<StageSpec>.Empty, (TimeSpan?)null),
        };
        if (strategy is StrategySpec.FeatureFlags flags)
            yield return ("flags", List(flags.Flags), "flags");
        for (var i = 0; i < stages.Length; i++)
        {
            var stage = stages[i];
            var promotion = stage.ManualPromotion ? ", then :promote" : "";
            var criteria = string.Concat(stage.Criteria.Select(x => $", {x.Metric.Name} {Text(x)}"));
            yield return ($"stage {stage.Name}", $"{stage.Share}% for {Durations.Format(stage.Duration)}{criteria}{promotion}", $"stages[{i}]");
        }

        if (strategy is StrategySpec.Canary { Sticky: { } sticky })
            yield return ("sticky", $"{(sticky.Kind == AffinityKind.Cookie ? "cookie" : "header")}:{sticky.Name}", "sticky");
        if (fallback is { } kept)
            yield return ("fallback", Durations.Format(kept), "fallback");
        if (strategy is StrategySpec.Rolling rolling)
        {
            yield return ("batch", rolling.BatchSize.ToString(), "batch");
            yield return ("max_surge", rolling.MaxSurge.ToString(), "max_surge");
            yield return ("max_unavailable", rolling.MaxUnavailable.ToString(), "max_unavailable");
            yield return ("pause", Durations.Format(rolling.Pause), "pause");
            foreach (var criterion in rolling.Criteria)
                yield return ($"criteria.{criterion.Metric.Name}", Text(criterion), "criteria");
        }
    }

    static string TriggerPath(EnvironmentSpec environment, Criterion trigger)
    {
        var name = trigger.Metric.Name;
        string[] paths = [$"rollback.triggers.{name}", $"analysis.metrics.{name}.limit", .. trigger.Metric is Metric.ErrorRate ? ["rollback.error_threshold", "strategy.rollback_threshold", .. environment.Services.Select(x => $"services.{x.Name}.strategy.rollback_threshold")] : (string[])[], "rollback.response_time_threshold"];
        return paths.FirstOrDefault(environment.Origins.ContainsKey) ?? paths[0];
    }

    static string Text(Criterion criterion) => string.Join(", ", ((string?[])
    [
        criterion.Limit is { } limit ? LimitText.Format(limit, LimitText.UnitOf(criterion.Metric)) : null,
        criterion.MaximumDegradation is { } share ? string.Create(CultureInfo.InvariantCulture, $"at most {share * 100:0.##}% worse") : null,
    ]).OfType<string>());

    static string Wish(ApprovalSpec approvals) =>
        !approvals.Required ? "none" : $"{approvals.Minimum} of {(approvals.Approvers.IsEmpty ? "anybody" : List(approvals.Approvers))}";

    static string Word(bool value) => value ? "true" : "false";

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string List(ImmutableArray<string> items, string separator = ", ") => string.Join(separator, items);

    sealed record Row(string Group, string Name, string Value, string Path)
    {
        /// <summary>Tells the row from all others of its environment, also from another one about the same path.</summary>
        public string Id => $"{Group}/{Name}/{Path}";
    }
}
