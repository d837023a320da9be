using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Works with one sealed release: the one that Package made, or the one that <c>--release</c> names.</summary>
public interface IHazRelease : IHazArtifacts, IHazVersion
{
    /// <summary>Where Package seals the release.</summary>
    AbsolutePath ReleaseDirectory => ArtifactsDirectory / "release";

    /// <summary>A sealed release made elsewhere, which is used as it is. Package then does not run.</summary>
    [Parameter("The release.json, or its directory, to use instead of packaging")]
    AbsolutePath? Release => TryGetValue(() => Release);

    /// <summary>
    /// Whether there is a release that makes packaging unnecessary: the named one, or one of this very commit that verifies. A tag that was
    /// set since gives the commit another version, which is another release; one with a failed verdict can go nowhere, so it does not count.
    /// </summary>
    sealed bool IsReleaseSealed() => Release is not null
        || (ReleaseReader.Load(ReleaseDirectory).Manifest is { } manifest
            && ReleaseCheck.IsCurrent(manifest, Version.Commit, Version.IsDirty)
            && manifest.Version == Version.Version.ToString()
            && manifest.Verdicts.All(x => x.Outcome != VerdictOutcome.Failed));

    /// <summary>The release, verified to its last byte.</summary>
    /// <exception cref="ProblemsException">There is none, or it was changed.</exception>
    sealed (ReleaseManifest Manifest, AbsolutePath Directory) LoadRelease()
    {
        var result = ReleaseReader.Load(Release ?? ReleaseDirectory);
        if (!result.Problems.IsEmpty)
            throw new ProblemsException(result.Problems) { ExitCode = ExitCodes.Refused };
        if (Release is null && (result.Manifest!.Commit != Version.Commit || result.Manifest.Dirty != Version.IsDirty))
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
}
