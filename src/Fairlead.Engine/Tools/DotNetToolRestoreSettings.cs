namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet tool restore</c>.</summary>
public sealed record DotNetToolRestoreSettings : DotNetSettings<DotNetToolRestoreSettings>
{
    /// <summary>The tool manifest; by default the nearest one.</summary>
    public string? ToolManifest { get; init; }

    /// <summary>The tool manifest.</summary>
    public DotNetToolRestoreSettings SetToolManifest(string? value) => this with { ToolManifest = value };

    private protected override IEnumerable<string> Verb => ["tool", "restore"];

    private protected override IEnumerable<string> Arguments() => Option("--tool-manifest", ToolManifest);
}
