using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Has a solution.</summary>
public interface IHazSolution : IFairleadBuild
{
    /// <summary>The solution: by default the only one in the root directory.</summary>
    [Solution]
    [Required]
    Solution Solution => TryGetValue(() => Solution)!;
}
