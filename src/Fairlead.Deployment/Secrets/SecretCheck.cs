using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Asks for all secrets of an environment before anything is done with it.</summary>
public static class SecretCheck
{
    /// <summary>What cannot be given out, all at once; empty: everything can.</summary>
    public static async Task<ImmutableArray<Problem>> ProblemsAsync(EnvironmentSpec environment, ISecretSource sources, CancellationToken cancellationToken)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var (reference, path) in ReferencesOf(environment).DistinctBy(x => x.Reference))
        {
            try
            {
                await sources.ResolveAsync(reference, cancellationToken);
            }
            catch (UserErrorException exception)
            {
                problems.Add(new Problem(exception.Message, exception.Remedy, environment.OriginOf(path)?.Where));
            }
        }

        return problems.ToImmutable();
    }

    /// <summary>All references of an environment, with the paths of their settings.</summary>
    internal static IEnumerable<(SecretReference Reference, string Path)> ReferencesOf(EnvironmentSpec environment)
    {
        foreach (var service in environment.Services)
        {
            var prefix = environment.Origins.ContainsKey($"services.{service.Name}") ? $"services.{service.Name}." : "";
            foreach (var (variable, reference) in service.Secrets)
                yield return (reference, $"{prefix}secrets.{variable}");
        }

        if (environment.Database?.Connection is { } connection)
            yield return (connection, "database.connection");
        if (environment.Database?.Key is { } key)
            yield return (key, "database.key");
    }
}
