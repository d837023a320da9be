namespace Fairlead.Versioning;

/// <summary>A value has not the shape that its key wants. Never leaves the reader.</summary>
/// <param name="value">The value, or the part of it that is wrong.</param>
/// <param name="remedy">What to do, when there is more to say than what the shape says.</param>
sealed class ShapeException(YamlValue value, string? remedy = null) : Exception
{
    public YamlValue Value => value;

    public string? Remedy => remedy;
}
