using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>Injects the solution: the named one, or the only <c>.slnx</c> or <c>.sln</c> of the root directory.</summary>
/// <param name="path">Path relative to the root directory, or null.</param>
public sealed class SolutionAttribute(string? path = null) : ValueInjectionAttribute
{
    /// <summary>Path relative to the root directory, or null for the only one there.</summary>
    public string? Path { get; } = path;

    /// <inheritdoc/>
    public override object? GetValue(BuildContext context)
    {
        if (Path is not null)
            return Solution.At(AbsolutePath.Resolve(context.RootDirectory, Path));

        // The same solution in both formats is one solution; the newer format is the one that is maintained.
        var found = context.RootDirectory.GetFiles("*.slnx").Concat(context.RootDirectory.GetFiles("*.sln")).DistinctBy(x => x.NameWithoutExtension).ToList();
        return found switch
        {
            [] => null,
            [var only] => Solution.At(only),
            _ => throw new UserErrorException(
                $"'{context.RootDirectory}' has {found.Count} solutions: {string.Join(", ", found.Select(x => x.Name))}.",
                $"Name the one to build: [Solution(\"{found[0].Name}\")]."),
        };
    }
}
