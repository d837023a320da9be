using Fairlead.Engine;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>Has a version, computed from the git history the first time that it is asked for.</summary>
public interface IHazVersion : IFairleadBuild
{
    /// <summary>The version of what is checked out.</summary>
    /// <exception cref="Fairlead.Tooling.UserErrorException">There is no repository, no commit, or only a part of the history.</exception>
    ReleaseVersion Version => Context.Once(() =>
    {
        var settings = VersionSettings.Load(RootDirectory);
        foreach (var warning in settings.Warnings)
            Context.Write(LogLevel.Warning, warning.ToString());
        var history = new GitHistoryReader(Context.Processes).ReadAsync(RootDirectory, settings, BranchOnServer, Context.CancellationToken).GetAwaiter().GetResult();
        return FormerCalculator.Calculate(history, settings);
    });

    /// <summary>The branch where a build server says it, because it checks out a detached head; otherwise null.</summary>
    string? BranchOnServer => Context.Environment.GetValueOrDefault("GITHUB_HEAD_REF") is { Length: > 0 } head
        ? head
        : Context.Environment.GetValueOrDefault("GITHUB_REF_TYPE") == "branch" ? Context.Environment.GetValueOrDefault("GITHUB_REF_NAME") : null;
}
