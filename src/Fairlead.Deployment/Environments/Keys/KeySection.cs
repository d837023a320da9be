using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>The keys of one kind of mapping.</summary>
/// <param name="Name">Its name in the schema.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Names">What stands under names of the user's own; null: there are none.</param>
/// <param name="Instead">Keys that people bring along from other systems, each with what to write instead.</param>
sealed record KeySection(string Name, ImmutableArray<Key> Keys, Shape? Names, ImmutableSortedDictionary<string, string> Instead)
{
    public Key? Find(string name) => Keys.FirstOrDefault(x => x.Name == name);

    public bool Knows(string word) => Keys.Any(x => x.Answers(word));
}
