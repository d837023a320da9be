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
            && manifest.Verdicts.All(x => x.Outcome != VerdictOutcome.Failed));

    /// <summary>The release, verified to its last byte.</summary>
    /// <exception cref="ProblemsException">There is none, or it was changed.</exception>
    sealed (ReleaseManifest Manifest, AbsolutePath Directory) LoadRelease()
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

        return (result.ManifestOrThrow(), result.Directory);
    }

    /// <summary>The sealed release that <c>--release</c> names; what kind of release is to be made is the business of Tag.</summary>
    private ReleaseChoice? Chosen => ReleaseChoice is { Type: { } type }
        ? throw new UserErrorException(
            $"'--release {$"{type}".ToLowerInvariant()}' says what kind of release is to be made, and that is what the target Tag does.",
            $"./build.sh Tag --release {$"{type}".ToLowerInvariant()}, then this again without '--release'.")
        { ExitCode = ExitCodes.Usage }
        : ReleaseChoice;
}
