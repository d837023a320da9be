using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What can be configured and is not done yet. Whoever makes one of these work removes it here.</summary>
static class UnenforcedSettings
{
    public static IEnumerable<UnenforcedSetting> Of(EnvironmentSpec environment)
    {
        var name = environment.Name;
        if (environment.IsProtected)
        {
            foreach (var check in environment.Checks.Where(x => x.Kind == CheckSpec.Chaos))
                yield return Comfort($"checks.{check.Name}", $"The check '{check.Name}' is not run on {name}, which is protected.", "Run it where it hurts nobody.");
        }

        if (environment.Database is { Name: not null, TakesPart: false, Connection: null })
            yield return Comfort("database", $"The database's name of {name} is given to nobody.", "Hand it to the service as a variable: 'variables: { DATABASE: … }'.");

        foreach (var service in environment.Services)
        {
            var prefix = environment.Origins.ContainsKey($"services.{service.Name}") ? $"services.{service.Name}." : "";
            foreach (var (variable, secret) in service.Secrets.Where(x => !IsServed(x.Value)))
                yield return Gate($"{prefix}secrets.{variable}", $"Service '{service.Name}' of {name} would not get the secret {variable}: '{secret.Provider}' gives out none yet.", "To go on for now, let the service read it from where it is by itself, and remove it here.");
            if (service.Resources.Cpu is not null)
                yield return Comfort(environment.Origins.ContainsKey($"{prefix}resources") ? $"{prefix}resources" : "performance.resource_limits", $"The platform '{environment.Platform}' does not limit the processor for service '{service.Name}' of {name}; its memory it does.", "Limit it outside, or remove 'cpu'.");
        }

        if (environment.Secrets is { Encryption: not null } or { AccessControl: not null })
            yield return Comfort("secrets", $"How the secrets of {name} are encrypted and who may read them is the store's business; nobody looks at it here.", "Set it up there.");
        if (environment.Backups.FirstOrDefault(x => x.Name == "database") is { Frequency: not null })
            yield return Comfort("backup.database", $"Nothing makes copies of the database of {name} by itself.", $"Let cron or a timer run './build.sh :backup {name} --if-due'.");
        foreach (var backup in environment.Backups.Where(x => x.Name != "database"))
            yield return Comfort($"backup.{backup.Name}", $"The {backup.Name.Replace('_', ' ')} of {name} is not backed up by Fairlead.", "Make sure that something else does it.");
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

    static bool IsServed(SecretReference secret) =>
        secret.Store is { Command.IsEmpty: false } || secret.Provider is SecretReference.FromEnvironment or SecretReference.FromFile or SecretReference.FromVault or SecretReference.FromKubernetes;
}
