using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>A single value; written without quotes (plain) it may mean nothing at all.</summary>
sealed record YamlScalar(SourceLocation Where, string Text, bool Plain) : YamlNode(Where)
{
    public bool IsNull => Plain && (Text is "" or "~" or "null");
}
