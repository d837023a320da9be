using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Is in a git repository.</summary>
public interface IHazGitRepository : IFairleadBuild
{
    /// <summary>The repository.</summary>
    [GitRepository]
    [Required]
    GitRepository GitRepository => TryGetValue(() => GitRepository)!;
}
