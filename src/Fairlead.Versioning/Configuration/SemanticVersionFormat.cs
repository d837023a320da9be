namespace Fairlead.Versioning;

/// <summary>Which texts name a version (<c>semantic-version-format</c> in GitVersion.yml).</summary>
public enum SemanticVersionFormat
{
    /// <summary>Semantic Versioning 2.0.0: three numbers.</summary>
    Strict,

    /// <summary>One to four numbers.</summary>
    Loose,
}
