using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A database's schema, as far as programs that use it can tell. Names have their schema in front.</summary>
sealed record SchemaSnapshot
{
    /// <summary>Tables, views and what is read like them.</summary>
    public ImmutableArray<Relation> Relations { get; init; } = [];

    /// <summary>Types that are lists of words.</summary>
    public ImmutableArray<EnumType> Enums { get; init; } = [];

    /// <summary>What values of types with rules of their own must keep.</summary>
    public ImmutableArray<Domain> Domains { get; init; } = [];

    /// <summary>Sequences, functions with their arguments, types, and extensions: what is there or not.</summary>
    public ImmutableArray<Thing> Things { get; init; } = [];

    /// <summary>What makes rows unique: indexes, those of keys among them.</summary>
    public ImmutableArray<Rule> Unique { get; init; } = [];

    /// <summary>Checks, foreign keys and exclusions.</summary>
    public ImmutableArray<Rule> Constraints { get; init; } = [];

    /// <summary>A table or view.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Kind">The word for it: <c>table</c>, <c>view</c>.</param>
    /// <param name="HasRowSecurity">Whether policies say who sees which rows.</param>
    /// <param name="Columns">Its columns.</param>
    public sealed record Relation(string Name, string Kind, bool HasRowSecurity, ImmutableArray<Column> Columns);

    /// <summary>A column.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">Its type as PostgreSQL writes it: <c>character varying(40)</c>.</param>
    /// <param name="Required">Whether it must have a value.</param>
    /// <param name="HasDefault">Whether it gets one by itself.</param>
    /// <param name="IsGenerated">Whether PostgreSQL alone gives it its values, and refuses those of others.</param>
    public sealed record Column(string Name, string Type, bool Required, bool HasDefault, bool IsGenerated = false);

    /// <summary>A type with rules of its own.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Rules">What values must keep.</param>
    public sealed record Domain(string Name, ImmutableArray<string> Rules);

    /// <summary>A list of words.</summary>
    public sealed record EnumType(string Name, ImmutableArray<string> Labels);

    /// <summary>Something that is there, with what is to stay of it.</summary>
    /// <param name="Kind">The word for it.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Shape">What it gives; empty where that does not matter.</param>
    public sealed record Thing(string Kind, string Name, string Shape);

    /// <summary>A rule that rows keep.</summary>
    /// <param name="Table">Of which table.</param>
    /// <param name="Definition">The rule without its own name.</param>
    /// <param name="Columns">The columns that it looks at; empty where that cannot be told.</param>
    public sealed record Rule(string Table, string Definition, ImmutableArray<string> Columns);
}
