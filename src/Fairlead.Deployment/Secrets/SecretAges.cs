using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Finds secrets that should have been replaced.</summary>
public static class SecretAges
{
    /// <summary>A sentence for each secret that is older than the environment's <c>rotation</c>; empty: none is, or nothing is said, or nobody can tell.</summary>
    public static async Task<ImmutableArray<string>> StaleAsync(EnvironmentSpec environment, ISecretSource sources, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (environment.Secrets.Rotation is not { } rotation)
            return [];
        var sentences = ImmutableArray.CreateBuilder<string>();
        foreach (var reference in SecretCheck.ReferencesOf(environment).Select(x => x.Reference).Distinct())
        {
            if (await sources.FindChangeAsync(reference, cancellationToken) is { } changed && now - changed > rotation)
                sentences.Add($"The secret '{reference}' is {(now - changed).Days} days old; it should be replaced after {rotation.Days}.");
        }

        return sentences.ToImmutable();
    }
}
