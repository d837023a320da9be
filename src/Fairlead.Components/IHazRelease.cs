using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Works with one sealed release: the one that Package made, or the one that <c>--release</c> names.</summary>
public interface IHazRelease : IHazArtifacts, IHazVersion, IHazReleaseChoice
{
    /// <summary>Where Package seals the release.</summary>
    AbsolutePath ReleaseDirectory => ArtifactsDirectory / "release";

    /// <summary>
    /// Whether there is a release that makes packaging unnecessary: the named one, or one of this very commit that verifies. A tag that was
    /// set since gives the commit another version, which is another release; one with a failed verdict can go nowhere, so it does not count.
    /// </summary>
    sealed bool IsReleaseSealed() => Chosen is not null
        || (ReleaseReader.Load(ReleaseDirectory).Manifest is { } manifest
            && ReleaseCheck.IsCurrent(manifest, Version.Commit, Version.IsDirty)
            && manifest.Version == Version.Version.ToString()
            && manifest.Verdicts.All(x => x.Outcome != VerdictOutcome.Failed && !(x.ValidUntil < Today)));

    /// <summary>The release, verified to its last byte.</summary>
    /// <exception cref="ProblemsException">There is none, or it was changed.</exception>
    sealed ReleaseReadResult LoadRelease()
    {
        var result = ReleaseReader.Load(Chosen?.Path ?? ReleaseDirectory);
        if (!result.Problems.IsEmpty)
            throw new ProblemsException(result.Problems) { ExitCode = ExitCodes.Refused };
        if (Chosen is { Version: { } wanted } && result.Manifest!.Version != $"{wanted}")
        {
            throw new UserErrorException(
                $"The release in '{RootDirectory.GetUnixRelativePathTo(ReleaseDirectory)}' is {result.Manifest.Version}, and not {wanted}.",
                $"Name the file of {wanted} ('--release DIR'), or make it: ./build.sh Tag --release {wanted}, then Package.")
            { ExitCode = ExitCodes.Refused };
        }

        if (Chosen is null && (result.Manifest!.Commit != Version.Commit || result.Manifest.Dirty != Version.IsDirty))
        {
            throw new UserErrorException(
                $"The release in '{RootDirectory.GetUnixRelativePathTo(ReleaseDirectory)}' is {result.Manifest.Version}, built from {result.Manifest.Commit[..7]}; checked out is {Version.Commit[..7]}{(Version.IsDirty ? " with changes" : "")}.",
                "Run Package (DeployStaging does it by itself), or name the release with '--release DIR'.")
            {
                ExitCode = ExitCodes.Refused,
            };
        }

        return result;
    }

    /// <summary>The day, in UTC: verdicts that exceptions made pass end with them.</summary>
    internal sealed DateOnly Today => DateOnly.FromDateTime(Context.Time.GetUtcNow().UtcDateTime);

    /// <summary>Whose signatures count: by default the keys in <c>.nuke/keys</c>.</summary>
    TrustedSigners TrustedSigners => SigningKeys.Trusted(RootDirectory);

    /// <summary>
    /// The release as a deployment may take it: everything in it and beside it verifies, and the verdict over its signatures, which is made now and never taken from the manifest, is passed or not done.
    /// </summary>
    /// <exception cref="ProblemsException">There is none, it was changed, or a signature does not count.</exception>
    internal sealed (ReleaseManifest Manifest, AbsolutePath Directory) VerifyRelease()
    {
        var release = LoadRelease();
        var verification = ReleaseVerifier.Verify(release, TrustedSigners);
        ThrowIfWrong(verification);
        return (release.ManifestOrThrow().With(verification.Signatures), release.Directory);
    }

    /// <summary><c>:verify [RELEASE]</c>.</summary>
    [Verb("verify", "Verifies a release offline: its files, bill of materials, signatures and provenance.", Usage = "[RELEASE.JSON | DIRECTORY]")]
    Task ShowVerificationAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var verification = ReleaseVerifier.Verify(Named(arguments), TrustedSigners);
        foreach (var (file, signer) in verification.Signed)
            Context.Write(LogLevel.Information, $"{file} is signed by {signer}.");
        ThrowIfWrong(verification);
        if (verification.Signatures.Outcome != VerdictOutcome.Passed)
            throw new UserErrorException($"Every byte of the release is what the manifest says; who made it is not known. {verification.Signatures.Summary}") { ExitCode = ExitCodes.Refused };
        var manifest = verification.Release.Manifest!;
        Context.Write(LogLevel.Information, $"{manifest.Application} {manifest.Version} verifies ({manifest.Digest}): {manifest.Artifacts.Length} artifacts, manifest, checksums, bill of materials, signatures, provenance.");
        return Task.CompletedTask;
    }

    /// <summary><c>:inspect [RELEASE] [--json]</c>.</summary>
    [Verb("inspect", "Shows what a release is: its artifacts, verdicts with their evidence, signatures.", Usage = "[RELEASE.JSON | DIRECTORY] [--json]", Flags = ["json"])]
    Task InspectAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var verification = ReleaseVerifier.Verify(Named(arguments), TrustedSigners);
        var lines = arguments.Has("json") && verification.Release.Manifest is not null
            ? (verification.Release.Directory / ReleaseFiles.ManifestName).ReadAllText().TrimEnd().Split('\n')
            : ReleaseReport.Of(verification);
        foreach (var line in lines)
            Context.Write(LogLevel.Information, line);
        if (!arguments.Has("json"))
            ShowCompleteness(verification.Release);
        return verification.Release.Manifest is null ? throw new ProblemsException(verification.Problems) { ExitCode = ExitCodes.Refused } : Task.CompletedTask;
    }

    private static void ThrowIfWrong(ReleaseVerification verification)
    {
        if (verification.IsInterrupted)
            throw new UserErrorException($"Signing was interrupted: the manifest is signed, and {verification.Problems.Length} signatures are missing.", "./build.sh Sign completes it.") { ExitCode = ExitCodes.Refused };
        if (!verification.Problems.IsEmpty)
            throw new ProblemsException(verification.Problems) { ExitCode = ExitCodes.Refused };
    }

    private void ShowCompleteness(ReleaseReadResult release)
    {
        foreach (var bill in release.Manifest?.Artifacts.Where(x => x.Kind == ArtifactKinds.Sbom && x.Location.EndsWith(".cdx.json", StringComparison.Ordinal)) ?? [])
        {
            Context.Write(LogLevel.Information, "");
            Context.Write(LogLevel.Information, bill.Location);
            try
            {
                foreach (var line in SbomCompleteness.Check(CycloneDxReader.Read(File.ReadAllBytes(release.Directory / bill.Location), bill.Name)).ToTable().TrimEnd().Split('\n'))
                    Context.Write(LogLevel.Information, $"  {line}");
            }
            catch (UserErrorException exception)
            {
                Context.Write(LogLevel.Warning, $"  {exception.Message}");
            }
        }
    }

    private AbsolutePath Named(VerbArguments arguments)
    {
        if (arguments.SinglePositional is not { } text)
            return Chosen?.Path ?? ReleaseDirectory;
        var path = AbsolutePath.Resolve(Context.WorkingDirectory, text);
        return path.Exists() ? path : throw new UserErrorException($"'{path}' does not exist.", $"Usage: :{arguments.Verb} {arguments.Usage}") { ExitCode = ExitCodes.Usage };
    }

    /// <summary>The sealed release that <c>--release</c> names; what kind of release is to be made is the business of Tag.</summary>
    private ReleaseChoice? Chosen => ReleaseChoice is { Type: { } type }
        ? throw new UserErrorException(
            $"'--release {$"{type}".ToLowerInvariant()}' says what kind of release is to be made, and that is what the target Tag does.",
            $"./build.sh Tag --release {$"{type}".ToLowerInvariant()}, then this again without '--release'.")
        { ExitCode = ExitCodes.Usage }
        : ReleaseChoice;
}
