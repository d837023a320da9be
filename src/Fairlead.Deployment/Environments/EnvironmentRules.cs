using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Rules about an environment's settings taken together. Pure.</summary>
static class EnvironmentRules
{
    public static IEnumerable<Problem> Of(EnvironmentSpec environment)
    {
        var owner = $"environment '{environment.Name}'";
        if (environment.Services.IsDefaultOrEmpty)
            yield return At(environment, "services", $"{ReadingScope.Capital(owner)} has no services.", "Add one.");
        if (environment.KeptReleases < 1)
            yield return At(environment, "keep_releases", $"{ReadingScope.Capital(owner)} keeps no releases, so it could not even run one.", "Keep at least 1; 2 to be able to go back.");
        if (environment.Policy.Analysis is { MinimumSamples: < 1 } or { Interval.Ticks: <= 0 })
            yield return At(environment, "analysis", $"The analysis of {owner} needs an interval of more than 0 and at least one sample.", null);
        foreach (var window in environment.Windows.Allow.Concat(environment.Windows.Deny).Where(x => x.From == x.To && x.From != TimeOnly.MinValue))
            yield return At(environment, "windows", $"A window of {owner} ends when it begins, at {window.From:HH\\:mm}.", "Give it a later end.");
        foreach (var freeze in environment.Windows.Freezes.Where(x => x.To < x.From))
            yield return At(environment, "windows.freezes", $"A freeze of {owner} ends on {freeze.To:yyyy-MM-dd}, before it begins on {freeze.From:yyyy-MM-dd}.", "Exchange them.");
        if (environment.Performance is { MinimumReplicas: { } least, MaximumReplicas: { } most } && least > most)
            yield return At(environment, "performance.autoscaling", $"The autoscaling of {owner} has more replicas at least ({least}) than at most ({most}).", "Exchange them.");
        foreach (var problem in OfApprovals(environment, owner))
            yield return problem;

        foreach (var problem in OfDatabase(environment, owner))
            yield return problem;

        var several = environment.Services.IsDefault ? 0 : environment.Services.Length;
        foreach (var service in environment.Services.IsDefault ? [] : environment.Services)
        {
            var isNamed = several > 1 || environment.Origins.ContainsKey($"services.{service.Name}");
            var prefix = isNamed ? $"services.{service.Name}." : "";
            var name = isNamed ? $"service '{service.Name}' of {owner}" : owner;
            if (service.Replicas < 1)
                yield return At(environment, $"{prefix}replicas", $"{ReadingScope.Capital(name)} has no replicas.", "Give it at least 1.");
            foreach (var variable in service.Variables.Keys.Where(service.Secrets.ContainsKey))
                yield return At(environment, $"{prefix}secrets.{variable}", $"{variable} of {name} is both a variable and a secret.", "Remove one of them.");
            foreach (var problem in OfStrategy(environment, service.Strategy, prefix, name, service.Url is null))
                yield return problem;
        }

        foreach (var twice in (environment.Services.IsDefault ? [] : environment.Services).GroupBy(x => x.Name).Where(x => x.Count() > 1))
            yield return At(environment, $"services.{twice.Key}", $"{ReadingScope.Capital(owner)} has two services '{twice.Key}'.", "Give one another name.");
    }

    static IEnumerable<Problem> OfApprovals(EnvironmentSpec environment, string owner)
    {
        var groups = environment.Approvals.Groups;
        List<(string Section, ImmutableArray<string> Names, int Minimum)> wishes = [];
        if (environment.Approvals.Required)
            wishes.Add(("approvals", environment.Approvals.Approvers, environment.Approvals.Minimum));
        if (environment.Acceptance.Required)
            wishes.Add(("acceptance", environment.Acceptance.Approvers, environment.Acceptance.Minimum));
        if (environment.Bypass is { } bypass)
            wishes.Add(("bypass", bypass.Approvers, bypass.Minimum));
        foreach (var (section, names, minimum) in wishes)
        {
            if (minimum < 1)
                yield return At(environment, $"{section}.minimum_approvals", $"'{section}' of {owner} needs at least one.", null);
            // A name that is no group and no address may be a group of a file that has none yet.
            var isKnown = names.All(x => groups.ContainsKey(x) || x.Contains('@', StringComparison.Ordinal));
            if (isKnown && !names.IsEmpty && environment.Approvals.Expand(names) is var people && people.Length < minimum)
                yield return At(environment, $"{section}.minimum_approvals", $"'{section}' of {owner} asks for {minimum} people, and names {people.Length}: {string.Join(", ", people)}.", "Name more, or ask for fewer.");
        }

        foreach (var (key, path) in ((string, string)[])[("approvals.signers", environment.Approvals.Signers), ("approvals.revoked", environment.Approvals.Revoked), ("acceptance.signers", environment.Acceptance.Signers), ("acceptance.revoked", environment.Acceptance.Revoked)])
        {
            if (path.Length == 0 || path.StartsWith('/') || path.StartsWith('-') || path.Contains('\\', StringComparison.Ordinal) || path.Contains(':', StringComparison.Ordinal) || path.Split('/').Any(x => x is "" or "." or ".."))
                yield return At(environment, key, $"'{path}' of {owner} is no path inside of the repository.", $"Write one like '{ApprovalSpec.DefaultSigners}'; it is read from the protected branch.");
        }
    }

    static IEnumerable<Problem> OfDatabase(EnvironmentSpec environment, string owner)
    {
        if (environment.Database is not { } database)
            yield break;
        foreach (var (key, command) in new[] { ("contract", database.Contract), ("down", database.Down) })
        {
            if (!command.IsEmpty && database.Migrations.IsEmpty)
                yield return At(environment, $"database.{key}", $"The database of {owner} has '{key}', but no 'migrations' that it could belong to.", "Add 'migrations', or remove it.");
        }

        if (database.OnRollback == DatabaseFallback.MigrateDown && database.Down.IsEmpty)
            yield return At(environment, "database.on_rollback", $"The database of {owner} is to be migrated down on a rollback, and has no 'down' that does it.", "Add 'down', or write 'on_rollback: keep'.");
        if (database.OnRollback == DatabaseFallback.Restore && !database.BacksUp)
            yield return At(environment, "database.on_rollback", $"The database of {owner} is to be restored on a rollback, and no copy is made before.", "Let a copy be made (remove 'backup: none', or add 'migrations'), or write 'on_rollback: keep'.");
        if (database is { Rehearses: true, BacksUp: false })
            yield return At(environment, "database.rehearse", $"The migrations of {owner} are to be rehearsed, and no copy is made on which they could be.", "Remove 'backup: none' or 'rehearse: true'.");
        if (!database.Backup.IsEmpty && database.Restore.IsEmpty)
            yield return At(environment, "database.backup", $"The database of {owner} is copied by a command of its own, and nothing says what restores such a copy.", "Add 'restore': program and arguments that read the copy from standard input.");
        if (database is { Encrypts: true, Key: null } && (database.BacksUp || database.Connection is not null))
            yield return At(environment, environment.Origins.ContainsKey("backup.database.encryption") ? "backup.database.encryption" : "database", $"The copies of the database of {owner} are to be encrypted, and nothing says with which passphrase.", "Add for instance 'database: { key: env:BACKUP_KEY }'.");
    }

    static IEnumerable<Problem> OfStrategy(EnvironmentSpec environment, StrategySpec strategy, string prefix, string name, bool isWorker)
    {
        var path = $"{prefix}strategy";
        if (strategy is StrategySpec.Rolling rolling)
        {
            if (rolling.MaxSurge.Value == 0 && rolling.MaxUnavailable.Value == 0)
                yield return At(environment, $"{path}.max_unavailable", $"The rolling update of {name} may neither run more replicas than wanted nor fewer, so it could never begin.", "Give 'max_surge' or 'max_unavailable' at least 1.");
            if (rolling.BatchSize.Value == 0)
                yield return At(environment, $"{path}.batch", $"The rolling update of {name} replaces 0 replicas at a time.", "Give 'batch' at least 1.");
            if (!rolling.Criteria.IsEmpty && rolling.Pause == TimeSpan.Zero)
                yield return At(environment, $"{path}.criteria", $"The rolling update of {name} has criteria, but no time in which they could be judged.", "Add 'pause', for instance 'pause: 1m'.");
        }

        if (strategy is StrategySpec.FeatureFlags { Flags.IsEmpty: true })
            yield return At(environment, path, $"The strategy 'feature-flags' of {name} has no 'flags'.", "Name them: 'flags: [new-checkout]'.");
        if (strategy is StrategySpec.Canary { Stages.IsEmpty: true } or StrategySpec.FeatureFlags { Stages.IsEmpty: true })
            yield return At(environment, $"{path}.stages", $"The strategy '{strategy.Name}' of {name} has no stages.", "Add for instance 'stages: [{ share: 10, duration: 10m }]'.");
        // What stands in the environment is for the services that have HTTP.
        if (isWorker && strategy is StrategySpec.Canary { Sticky: not null } && environment.OriginOf($"{path}.sticky")?.Layer.StartsWith("service '", StringComparison.Ordinal) == true)
            yield return At(environment, $"{path}.sticky", $"{ReadingScope.Capital(name)} is a worker: it has no clients that could stick to it.", "Remove 'sticky'.");

        var stages = strategy switch
        {
            StrategySpec.BlueGreen x => x.Stages,
            StrategySpec.Canary x => x.Stages,
            StrategySpec.FeatureFlags x => x.Stages,
            _ => ImmutableArray<StageSpec>.Empty,
        };
        for (var i = 0; i < stages.Length; i++)
        {
            var stage = stages[i];
            var at = $"{path}.stages[{i}]";
            if (stage.Share is < 1 or > 100)
                yield return At(environment, $"{at}.share", $"Stage '{stage.Name}' of {name} has a share of {stage.Share} %.", "Give it 1 to 100.");
            if (i > 0 && stage.Share <= stages[i - 1].Share)
                yield return At(environment, $"{at}.share", $"The shares of {name} do not rise: {stages[i - 1].Share} %, then {stage.Share} %.", "Give each stage more than the one before.");
            if (stages.Take(i).Any(x => x.Name == stage.Name))
                yield return At(environment, $"{at}.name", $"Two stages of {name} are named '{stage.Name}'.", "Give one another name.");
            if (!stage.Criteria.IsEmpty && stage.Duration == TimeSpan.Zero)
                yield return At(environment, $"{at}.duration", $"Stage '{stage.Name}' of {name} has criteria, but no time in which they could be judged.", "Give it a 'duration', for instance 10m.");
            else if (i == stages.Length - 1 && stage is { Share: < 100, ManualPromotion: false } && stage.Duration == TimeSpan.Zero)
                yield return At(environment, $"{at}.duration", $"The last stage of {name}, '{stage.Name}', takes no time: all traffic would follow at once.", "Give it a 'duration' or 'promote: manual', or remove it.");
        }
    }

    static Problem At(EnvironmentSpec environment, string path, string message, string? remedy) => new(message, remedy, environment.OriginOf(path)?.Where);
}
