using Fairlead.Engine;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>Has a version, computed from the git history the first time that it is asked for: as GitVersion does it, from <c>GitVersion.yml</c>.</summary>
public interface IHazVersion : IFairleadBuild
{
    /// <summary>The version of what is checked out.</summary>
    /// <exception cref="Fairlead.Tooling.UserErrorException">There is no repository, no commit, or only a part of the history; or GitVersion.yml has mistakes.</exception>
    ReleaseVersion Version => Context.Once(() =>
    {
        var version = ReleaseVersion.Of(
            History,
            VersioningConfiguration,
            new VersionRequest { EnvironmentVariable = x => Context.Environment.GetValueOrDefault(x) });
        foreach (var warning in version.Warnings)
            Context.Write(LogLevel.Warning, warning);
        return version;
    });

    /// <summary>What <c>GitVersion.yml</c> says.</summary>
    VersioningConfiguration VersioningConfiguration => Context.Once(() => VersioningConfigurationReader.Load(RootDirectory));

    /// <summary>The commits, tags and branches that versions come from.</summary>
    sealed RepositoryHistory History => Context.Once(() => new RepositoryReader(Context.Processes)
        .ReadAsync(RootDirectory, ServerCheckout.Detect(x => Context.Environment.GetValueOrDefault(x)), Context.CancellationToken).GetAwaiter().GetResult());
}
