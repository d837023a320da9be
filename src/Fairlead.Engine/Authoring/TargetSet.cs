using System.Collections;

namespace Fairlead.Engine;

/// <summary>Names of targets, which can be asked about by the target itself: <c>InvokedTargets.Contains(Publish)</c>.</summary>
public sealed class TargetSet : IReadOnlyCollection<string>
{
    readonly IReadOnlyList<string> _names;
    readonly Func<Target, string?> _nameOf;

    internal TargetSet(IReadOnlyList<string> names, Func<Target, string?> nameOf) => (_names, _nameOf) = (names, nameOf);

    /// <summary>How many.</summary>
    public int Count => _names.Count;

    /// <summary>Whether the target is among them; null never is.</summary>
    public bool Contains(Target? target) => target is not null && _nameOf(target) is { } name && _names.Contains(name, StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
