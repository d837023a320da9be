using System.Runtime.CompilerServices;
using Fairlead.Engine;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>Has a version, computed from the git history the first time that it is asked for.</summary>
public interface IHazVersion : IHazGitRepository
{
    /// <summary>The version of what is checked out.</summary>
    ReleaseVersion Version => VersionCache.Of(Context);
}
