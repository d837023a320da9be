using System.Collections.Immutable;
using System.Security.Cryptography;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What must be so before a release may go to an environment.</summary>
static class Preconditions
{
    /// <summary>Everything that the manifest and the records can tell. Pure.</summary>
    /// <param name="environment">Where to.</param>
    /// <param name="release">What.</param>
    /// <param name="verifiedOn">Tells whether the release was verified on an environment.</param>
    /// <param name="now">The time: for windows, and because verdicts that exceptions made pass end with them.</param>
    public static IEnumerable<Refusal> Of(EnvironmentSpec environment, ReleaseManifest release, Func<string, bool> verifiedOn, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var subject = $"{release.Application} {release.Version}";
        if (release.Application != environment.Application)
            yield return Never($"The release is of '{release.Application}', but {environment.Name} is an environment of '{environment.Application}'.", "Deploy a release of that application.");
        if (release.Dirty && environment.IsProtected)
            yield return Never($"{subject} was built from a work tree with changes that are in no commit, and {environment.Name} is protected.", "Commit the changes and package the release again.");
        if (!environment.AllowsBranch(release.Branch))
            yield return Rule(Refusal.Branch, $"{subject} was built from {(release.Branch is null ? "no branch" : $"the branch '{release.Branch}'")}, and {environment.Name} takes releases of {string.Join(", ", environment.Branches)} only.", "Build it from such a branch, or change 'branches' of the environment.");
        foreach (var gate in environment.NotEnforced.Where(x => x.IsGate))
            yield return new Refusal(null, gate.Problem);
        if (environment.RequiresVerifiedOn is { } required && !verifiedOn(required))
            yield return Rule(Refusal.Verified, $"{subject} ({ShortDigest(release.Digest)}) has not been verified on {required}, or was rolled back there since; {environment.Name} requires it.", $"Deploy this same release to {required} first.");
        if (WindowClock.WhyClosed(environment.Windows, now) is { } closed)
            yield return Rule(Refusal.Window, $"{environment.Name} is closed. {closed}", "Wait for it.");
        foreach (var kind in release.Verdicts.Select(x => x.Kind).Union(environment.Verdicts.Keys).Order(StringComparer.Ordinal))
        {
            var verdict = release.Verdict(kind);
            if (verdict.Outcome == VerdictOutcome.Failed)
                yield return Rule(Bypassable(kind), $"The verdict '{kind}' of {subject} is failed: {verdict.Summary}", "Mend what it found, or run it again, and package again: ./build.sh Package");
            else if (verdict.Outcome == VerdictOutcome.Passed && verdict.ValidUntil < today)
                yield return Rule(Bypassable(kind), $"The verdict '{kind}' of {subject} counted until {verdict.ValidUntil:yyyy-MM-dd}: an exception that made it pass has ended.", "Mend what was excepted, or renew the exception in '.nuke/security.yml', and package again: ./build.sh Package");
            else if (verdict.Outcome == VerdictOutcome.NotDone && kind == VerdictKinds.Signatures && environment.Verdicts.GetValueOrDefault(kind) == VerdictRequirement.Required)
                yield return Never($"The signatures of {subject} are missing or cannot be checked, and {environment.Name} requires them. {verdict.Summary}");
            else if (verdict.Outcome == VerdictOutcome.NotDone && environment.Verdicts.GetValueOrDefault(kind) == VerdictRequirement.Required)
                yield return Rule(Bypassable(kind), $"The verdict '{kind}' of {subject} was not done, and {environment.Name} requires it: {verdict.Summary}", "Make it possible (install its tool, do not skip its target) and package again: ./build.sh Package");
        }

        foreach (var service in environment.Services)
        {
            if (release.Artifact(service.Artifact) is not { } artifact)
                yield return Never($"{subject} has no artifact '{service.Artifact}', which service '{service.Name}' of {environment.Name} runs.", ArtifactHint(service.Artifact, release));
            else if (artifact.Kind != ArtifactKinds.Application)
                yield return Never($"The artifact '{service.Artifact}' of {subject} is of kind '{artifact.Kind}' and cannot run; service '{service.Name}' of {environment.Name} names it.", ArtifactHint(service.Artifact, release));
            else if (service.Command.IsEmpty && artifact.EntryPoint is null)
                yield return Never($"Nothing says how to start service '{service.Name}' of {environment.Name}: its artifact has no entry point.", "Write 'command:' into the service, for instance 'command: [dotnet, App.dll]'.");
        }

        if (environment.Database?.Artifact is { } migrations && release.Artifact(migrations) is null)
            yield return Never($"{subject} has no artifact '{migrations}', in which the migrations of {environment.Name} are to run.", ArtifactHint(migrations, release));

        static Refusal Rule(string? rule, string message, string? remedy = null) => new(rule, new Problem(message, remedy));
        static Refusal Never(string message, string? remedy = null) => new(null, new Problem(message, remedy));
        // What cannot be believed is no matter of policy.
        static string? Bypassable(string kind) => kind == VerdictKinds.Signatures ? null : kind;
    }

    /// <summary>What is live could not be gone back to.</summary>
    public static Refusal NoWayBack(EnvironmentSpec environment, LiveRelease live) => new(Refusal.RollbackTarget, new Problem(
        $"The artifacts of {live.Target.Release.Version}, which is live on {environment.Name}, are not kept any more: once its processes have gone, nobody can go back to it.",
        $"Deploy {live.Target.Release.Version} again first, which keeps them."));

    /// <summary>Verdicts that were not done and may be, and settings that nothing is done about; each is a sentence to say loudly.</summary>
    public static IEnumerable<string> Warnings(EnvironmentSpec environment, ReleaseManifest release) =>
    [
        .. from kind in environment.Verdicts.Keys
           let verdict = release.Verdict(kind)
           where verdict.Outcome == VerdictOutcome.NotDone
           select $"WARNING: '{kind}' was NOT DONE for {release.Version}: {verdict.Summary}",
        .. environment.NotEnforced.Where(x => !x.IsGate).Select(x => $"WARNING: {x.Problem}"),
    ];

    /// <summary>Whether the artifacts that will run are there and are what the manifest says. Reads the files.</summary>
    /// <param name="environment">Where to.</param>
    /// <param name="release">What.</param>
    /// <param name="directory">The manifest's directory.</param>
    /// <param name="isKept">Tells whether the store has an artifact of a digest already, checked when it was kept.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<ImmutableArray<Problem>> OfFilesAsync(
        EnvironmentSpec environment, ReleaseManifest release, AbsolutePath directory, Func<string, bool> isKept, CancellationToken cancellationToken)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var artifacts = environment.Services.Select(x => release.Artifact(x.Artifact)).OfType<ReleaseArtifact>().DistinctBy(x => x.Name).Where(x => !isKept(x.Digest));
        foreach (var artifact in artifacts)
        {
            var file = directory / artifact.Location;
            if (!directory.Contains(file))
            {
                problems.Add(new Problem($"The artifact '{artifact.Name}' of {release.Version} is said to be outside the release's directory, at '{artifact.Location}'.", "Package the release again."));
            }
            else if (!file.FileExists())
            {
                problems.Add(new Problem($"The artifact '{artifact.Name}' of {release.Version} is not at {file}.", "Package the release again, or fetch it again."));
            }
            else
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
                var actual = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken))}";
                if (actual != artifact.Digest)
                    problems.Add(new Problem($"{file} is not the artifact '{artifact.Name}' that was released: its digest is {ShortDigest(actual)}, and {ShortDigest(artifact.Digest)} was sealed.", "Package the release again, or fetch it again; somebody or something has changed the file."));
            }
        }

        return problems.ToImmutable();
    }

    static string ArtifactHint(string name, ReleaseManifest release)
    {
        var known = release.Artifacts.Where(x => x.Kind == ArtifactKinds.Application).Select(x => x.Name).ToList();
        return Suggestion.Sentence(name, known) ?? (known.Count == 0 ? "The release has no application at all." : $"The release has: {string.Join(", ", known)}.");
    }

    static string ShortDigest(string digest) => digest.Length > 19 ? digest[..19] : digest;
}
