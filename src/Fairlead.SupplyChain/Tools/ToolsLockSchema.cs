namespace Fairlead.SupplyChain;

/// <summary>The JSON schema of <c>.nuke/tools.lock.json</c>, for editors.</summary>
public static class ToolsLockSchema
{
    /// <summary>The name of the file that it is kept in.</summary>
    public const string FileName = "tools-lock.schema.json";

    /// <summary>The whole schema, ended with a line feed. The same for every call of one version.</summary>
    public static string Text() => SecuritySchema.Text("tools.lock.json", "The tools that the pipeline may fetch, pinned by digest.", ToolsLockKeys.Section.Schema());
}
