using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>A value that names start from, inside of others.</summary>
/// <param name="value">The value.</param>
/// <param name="outer">What <c>..</c> means.</param>
sealed class TemplateScope(object? value, TemplateScope? outer)
{
    public object? Value => value;

    public TemplateScope? Outer => outer;

    public TemplateScope Root => outer?.Root ?? this;

    /// <summary>What a block calls its item and the position of it.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Position in the list; -1 when this is no item.</summary>
    public int Index { get; init; } = -1;

    /// <summary>Length of that list.</summary>
    public int Count { get; init; }

    /// <summary>The innermost item of a list that this is, or is inside of.</summary>
    public TemplateScope? Item => Index >= 0 ? this : outer?.Item;

    /// <summary>What a block has given a name; null when none has given this one.</summary>
    public (object? Value, bool IsNamed)? FindNamed(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (!scope.Names.IsEmpty && scope.Names.IndexOf(name) is >= 0 and var at)
                return (at == 0 ? scope.Value : scope.Index, true);
        }

        return null;
    }
}
