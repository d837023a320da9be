using Fairlead.Engine;

namespace Fairlead.Components;

/// <summary>Can be told which release.</summary>
public interface IHazReleaseChoice : IFairleadBuild
{
    /// <summary>Which release: see <see cref="ReleaseChoice"/>.</summary>
    [Parameter("major, minor, patch, hotfix or a version for Tag; a version, a release.json or its directory for what works with a sealed release")]
    string? Release => TryGetValue(() => Release);

    /// <summary>What was chosen; null when nothing was.</summary>
    /// <exception cref="Fairlead.Tooling.UserErrorException">It is nothing that can be chosen.</exception>
    sealed ReleaseChoice? ReleaseChoice => Release is { } text ? ReleaseChoice.Parse(text, Context.WorkingDirectory) : null;
}
