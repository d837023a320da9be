using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>One environment, or one service of it, while it is read from its merged layers.</summary>
/// <param name="reading">The file.</param>
/// <param name="owner">What is read: <c>environment 'staging'</c>.</param>
/// <param name="chain">The layers that were merged, the weakest first.</param>
/// <param name="origins">Where settings were found, by path.</param>
sealed class ReadingScope(FileReading reading, string owner, ImmutableArray<string> chain, IDictionary<string, SettingOrigin> origins)
{
    public FileReading Reading => reading;

    public string Owner => owner;

    /// <summary>A scope for a part with a name of its own.</summary>
    public ReadingScope For(string part) => new(reading, part, chain, origins);

    /// <summary>Reports a mistake in the name of the layer in which it was made, so that it is told once and not for each heir.</summary>
    public void Report(string message, SourceLocation? where, string? remedy = null)
    {
        if (where is { } place && reading.Layers.TitleOf(place) is { } title && title != owner)
            message = message.Replace(owner, title, StringComparison.Ordinal).Replace(Capital(owner), Capital(title), StringComparison.Ordinal);
        reading.Report(new Problem(message, remedy, where));
    }

    /// <summary>How strong a place is: a later layer wins, and a service wins over its environment.</summary>
    public int Rank(SourceLocation where)
    {
        var title = reading.Layers.TitleOf(where) ?? owner;
        for (var i = chain.Length - 1; i >= 0; i--)
        {
            if (title == chain[i])
                return i;
            if (title.StartsWith("service '", StringComparison.Ordinal) && title.EndsWith($"of {chain[i]}", StringComparison.Ordinal))
                return 1000 + i;
        }

        // An alias of something in an environment that has nothing to do with this one: it was written here.
        return chain.Length;
    }

    /// <summary>Whether a place is in 'defaults' or at the top of the file.</summary>
    public bool IsDefault(SourceLocation where) => reading.Layers.TitleOf(where) is Layers.Defaults or Layers.File;

    public void Record(string path, SourceLocation where) => origins[path] = new SettingOrigin(reading.Layers.TitleOf(where) ?? owner, where);

    public static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
