using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What the readers of one file have in common: the layers, the mistakes, and which keys were asked for.</summary>
sealed class FileReading(Layers layers)
{
    readonly List<Problem> _problems = [];
    readonly HashSet<Problem> _known = [];

    public Layers Layers => layers;

    /// <summary>The groups of the file, by name; they are read before the environments.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Groups { get; set; } = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>All mistakes. What several environments inherit is one mistake.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>Section and name of each key that a reader looked for; a test compares them with the table of keys.</summary>
    public HashSet<(string Section, string Key)> Asked { get; } = [];

    public void Report(Problem problem)
    {
        if (_known.Add(problem))
            _problems.Add(problem);
    }
}
