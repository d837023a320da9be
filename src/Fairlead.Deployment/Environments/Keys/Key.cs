using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>One key of <c>environments.yml</c>: what the reader accepts and what the schema says are both made from these.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">What its value looks like.</param>
/// <param name="Description">One sentence for the editor.</param>
/// <param name="Aliases">Other words for it.</param>
sealed record Key(string Name, Shape Shape, string Description, ImmutableArray<string> Aliases)
{
    /// <summary>Whether a word of the file means this key.</summary>
    public bool Answers(string word) => word == Name || Aliases.Contains(word);
}
