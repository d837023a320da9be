namespace Fairlead.Changelog;

/// <summary>An object with a fixed table of names: nothing is looked up by reflection.</summary>
/// <param name="values">How to read each value.</param>
abstract class TemplateView<TSelf>(Dictionary<string, Func<TSelf, object?>> values) : ITemplateObject
    where TSelf : TemplateView<TSelf>
{
    public IEnumerable<string> Names => values.Keys;

    public bool TryGet(string name, out object? value)
    {
        var isKnown = values.TryGetValue(name, out var read);
        value = read?.Invoke((TSelf)this);
        return isKnown;
    }
}
