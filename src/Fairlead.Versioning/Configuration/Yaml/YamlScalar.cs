namespace Fairlead.Versioning;

/// <summary>A single value; written without quotes (plain) it may mean nothing at all.</summary>
sealed record YamlScalar(TextSpan Span, string Text, bool Plain) : YamlValue(Span);
