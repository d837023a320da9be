using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>What followed a verb on the command line.</summary>
/// <param name="Verb">The verb's name, without its colon.</param>
/// <param name="Positional">Words that are no options.</param>
/// <param name="Options">Options by name without dashes; those without a value have an empty one.</param>
/// <param name="Usage">What may follow the verb.</param>
public sealed record VerbArguments(
    string Verb, ImmutableArray<string> Positional, ImmutableSortedDictionary<string, string> Options, string Usage)
{
    /// <summary>The value of an option, or null.</summary>
    public string? Option(string name) => Options.GetValueOrDefault(name);

    /// <summary>Whether a flag was given.</summary>
    public bool Has(string flag) => Options.ContainsKey(flag);

    /// <summary>The only word after the verb, or null when there is none.</summary>
    /// <exception cref="UserErrorException">There are more.</exception>
    public string? SinglePositional => Positional.Length <= 1
        ? Positional.FirstOrDefault()
        : throw new UserErrorException($"':{Verb}' takes one word, and got {Positional.Length}: {string.Join(' ', Positional)}.", $"Usage: :{Verb} {Usage}")
        {
            ExitCode = ExitCodes.Usage,
        };
}
