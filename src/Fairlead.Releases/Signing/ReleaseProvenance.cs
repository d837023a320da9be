using System.Text.Json;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// How a release was built, written down by who built it, beside the release. Whoever signs later signs this, and nothing that is known only of the signing.
/// </summary>
public static class ReleaseProvenance
{
    /// <summary>Writes it, right after sealing.</summary>
    /// <param name="directory">The release's directory.</param>
    /// <param name="manifest">The release.</param>
    /// <param name="provenance">How it was built.</param>
    public static void Write(AbsolutePath directory, ReleaseManifest manifest, BuildProvenance provenance) => AtomicFile.Write(
        ReleaseFiles.Statement(directory),
        provenance.About([.. manifest.Artifacts.Select(x => KeyValuePair.Create(x.Location, x.Digest[Sha256.Prefix.Length..]))]).ToJson());

    /// <summary>Reads it.</summary>
    /// <exception cref="UserErrorException">There is none, or it is about something else.</exception>
    public static InTotoStatement Read(AbsolutePath directory, ReleaseManifest manifest)
    {
        var file = ReleaseFiles.Statement(directory);
        try
        {
            if (!file.FileExists())
                throw new UserErrorException($"Nothing says how {manifest.Version} was built: '{file.Name}' is missing beside its manifest.", "Package it again; then it can be signed.");
            var statement = InTotoStatement.Parse(File.ReadAllBytes(file));
            return ProblemOf(statement, manifest) is { } problem
                ? throw new UserErrorException($"'{file.Name}' does not tell how {manifest.Version} was built: {problem}.", "Package it again; then it can be signed.")
                : statement;
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"'{file.Name}' cannot be read: {exception.Message}", "Package it again; then it can be signed.", exception);
        }
    }

    /// <summary>Why a statement is not the provenance of a release, as the end of a sentence; null when it is.</summary>
    /// <exception cref="JsonException">It does not have the form of SLSA's provenance.</exception>
    internal static string? ProblemOf(InTotoStatement statement, ReleaseManifest manifest)
    {
        if (statement.PredicateType != InTotoStatement.Provenance)
            return $"what it states is '{statement.PredicateType}', and not SLSA's provenance of version 1";
        var stated = statement.Subjects.ToLookup(x => x.Value, StringComparer.Ordinal);
        if (manifest.Artifacts.FirstOrDefault(x => !stated.Contains(x.Digest[Sha256.Prefix.Length..])) is { } missing)
            return $"it is about other files: '{missing.Name}' ({missing.Digest}) is not among them";
        return CommitOf(statement.Predicate) switch
        {
            null => "it names no commit",
            { } commit when commit != manifest.Commit => $"it is about the commit {commit}, and the release about {manifest.Commit}",
            _ => null,
        };
    }

    static string? CommitOf(JsonElement predicate)
    {
        try
        {
            return predicate.GetProperty("buildDefinition").GetProperty("resolvedDependencies").EnumerateArray()
                .Select(x => x.TryGetProperty("digest", out var digest) && digest.TryGetProperty("gitCommit", out var commit) ? commit.GetString() : null)
                .FirstOrDefault(x => x is not null);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            throw new JsonException("It does not have the form of SLSA's provenance.", exception);
        }
    }
}
