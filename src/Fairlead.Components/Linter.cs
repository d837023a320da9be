using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>A linter of any language: a command that ends with an exit code other than 0 when it finds something.</summary>
/// <param name="Name">What it is called in the report: <c>eslint</c>.</param>
/// <param name="Command">The command. Where it says no directory it runs in the root of the repository, and without a time-out it may take 10 minutes.</param>
public sealed record Linter(string Name, ToolCommand Command)
{
    /// <summary>Makes one.</summary>
    /// <param name="name">What it is called in the report.</param>
    /// <param name="tool">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public Linter(string name, string tool, params string[] arguments)
        : this(name, ToolCommand.Of(tool, arguments))
    {
    }

    /// <summary>Files that it is for, as globs. Where there are none, there is nothing to look at, and it is not run. By default it always runs.</summary>
    public ImmutableArray<string> Files { get; init; } = [];
}
