namespace Fairlead.Changelog;

/// <summary>Something whose values templates can name.</summary>
interface ITemplateObject
{
    /// <summary>The names, for messages.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>The value of a name: a text, a flag, a number, a list, another object, or null. False when there is no such name.</summary>
    bool TryGet(string name, out object? value);
}
