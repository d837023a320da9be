using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>A part of a template.</summary>
abstract record TemplatePart
{
    TemplatePart()
    {
    }

    /// <summary>Text that is written as it is.</summary>
    public sealed record Literal(string Text) : TemplatePart;

    /// <summary><c>{{path}}</c>.</summary>
    public sealed record Expression(TemplatePath Path) : TemplatePart;

    /// <summary><c>{{#if path}}…{{else}}…{{/if}}</c> and the like.</summary>
    /// <param name="Kind">What is done.</param>
    /// <param name="Path">With what.</param>
    /// <param name="Names">The names between bars: of the item and of its position.</param>
    public sealed record Block(BlockKind Kind, TemplatePath Path, ImmutableArray<string> Names) : TemplatePart
    {
        /// <summary>What stands before <c>{{else}}</c>.</summary>
        public List<TemplatePart> Body { get; } = [];

        /// <summary>What stands behind it.</summary>
        public List<TemplatePart> Otherwise { get; } = [];
    }

    public enum BlockKind
    {
        If,
        Unless,
        Each,
        With,

        /// <summary><c>{{#path}}</c>: a list is gone through, anything else is stepped into when it is there.</summary>
        Section,

        /// <summary><c>{{^path}}</c>.</summary>
        Inverted,
    }
}
