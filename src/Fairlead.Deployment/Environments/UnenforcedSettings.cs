using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What can be configured and is not done yet. Whoever makes one of these work removes it here.</summary>
static class UnenforcedSettings
{
    /// <summary>The providers whose secrets services are given.</summary>
    static readonly ImmutableArray<string> ServedSecrets = [SecretReference.FromEnvironment, SecretReference.FromFile];

    public static IEnumerable<UnenforcedSetting> Of(EnvironmentSpec environment)
    {
        var name = environment.Name;
        if (environment.Approvals.Required)
            yield return Gate("approvals", $"{name} asks for approvals, which nobody checks yet.", "To go on for now, agree on the deployment outside and write 'required: false'.");
        if (!environment.Windows.IsEmpty)
            yield return Gate("windows", $"{name} has deployment windows, which nobody checks yet.", "To go on for now, keep to them yourself and remove 'windows'.");
        foreach (var check in environment.Checks)
            yield return Gate($"checks.{check.Name}", $"{name} has the check '{check.Name}', which is not run yet.", "To go on for now, run it as a target after the deployment and remove it here.");
        if (environment.Database is { } database)
        {
            if (!database.Migrations.IsEmpty || !database.Backup.IsEmpty || !database.Restore.IsEmpty)
                yield return Gate("database", $"{name} has migrations or backups of its database, which are not run yet.", "To go on for now, run them as a target before the deployment and remove them here.");
            if (database.Name is not null)
                yield return Comfort("database", $"The database's name of {name} is given to nobody.", "Hand it to the service as a variable: 'variables: { DATABASE: … }'.");
        }

        foreach (var service in environment.Services)
        {
            var prefix = environment.Origins.ContainsKey($"services.{service.Name}") ? $"services.{service.Name}." : "";
            foreach (var (variable, secret) in service.Secrets.Where(x => !ServedSecrets.Contains(x.Value.Provider)))
                yield return Gate($"{prefix}secrets.{variable}", $"Service '{service.Name}' of {name} would not get the secret {variable}: '{secret.Provider}' gives out none yet.", "To go on for now, let the service read it from where it is by itself, and remove it here.");
            if (service.Resources.Cpu is not null)
                yield return Comfort(environment.Origins.ContainsKey($"{prefix}resources") ? $"{prefix}resources" : "performance.resource_limits", $"The platform '{environment.Platform}' does not limit the processor for service '{service.Name}' of {name}; its memory it does.", "Limit it outside, or remove 'cpu'.");
        }

        if (environment.Secrets != new SecretSettings())
            yield return Comfort("secrets", $"How {name} keeps its secrets is not looked at yet.", "Nothing rotates or encrypts them for you.");
        if (!environment.Backups.IsEmpty)
            yield return Comfort("backup", $"Nothing of {name} is backed up by Fairlead yet.", "Make sure that something else does it.");
        if (!environment.Notifications.IsEmpty)
            yield return Comfort("notifications", $"Nobody is told about deployments to {name} yet.", "Announce tells people about a release.");
        if (!environment.RollbackNotifications.IsEmpty)
            yield return Comfort("rollback.notification", $"Nobody is told about rollbacks of {name} yet.", null);
        if (!environment.NetworkPolicies.IsEmpty)
            yield return Comfort("network_policies", $"The platform '{environment.Platform}' does not restrict who talks to the services of {name}.", "Restrict it outside, for instance by a firewall.");
        if (environment.Performance != new PerformanceSpec())
            yield return Comfort("performance", $"The platform '{environment.Platform}' neither scales {name} nor limits what starts at once.", "Set 'replicas'.");
        if (environment.AutoDeploy == true)
            yield return Comfort("auto_deploy", $"Nothing deploys to {name} by itself.", "Say in the CI workflow which branch runs which Deploy target.");

        UnenforcedSetting Gate(string path, string message, string remedy) => new(new Problem(message, remedy, environment.OriginOf(path)?.Where), IsGate: true);
        UnenforcedSetting Comfort(string path, string message, string? remedy) => new(new Problem(message, remedy, environment.OriginOf(path)?.Where), IsGate: false);
    }
}
