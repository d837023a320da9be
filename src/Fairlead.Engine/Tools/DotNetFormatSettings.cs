namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet format</c>.</summary>
public sealed record DotNetFormatSettings : DotNetSettings<DotNetFormatSettings>
{
    /// <summary>Change nothing, and fail when there is something to change.</summary>
    public bool VerifyNoChanges { get; init; }

    /// <summary>Do not restore.</summary>
    public bool NoRestore { get; init; }

    /// <summary>From which severity on findings are mended: info, warn or error.</summary>
    public string? Severity { get; init; }

    /// <summary>Change nothing, and fail when there is something to change.</summary>
    public DotNetFormatSettings EnableVerifyNoChanges() => SetVerifyNoChanges(true);

    /// <summary>Whether to change nothing, and fail when there is something to change.</summary>
    public DotNetFormatSettings SetVerifyNoChanges(bool value) => this with { VerifyNoChanges = value };

    /// <summary>Do not restore.</summary>
    public DotNetFormatSettings EnableNoRestore() => SetNoRestore(true);

    /// <summary>Whether not to restore.</summary>
    public DotNetFormatSettings SetNoRestore(bool value) => this with { NoRestore = value };

    /// <summary>From which severity on findings are mended: info, warn or error.</summary>
    public DotNetFormatSettings SetSeverity(string? value) => this with { Severity = value };

    private protected override IEnumerable<string> Verb => ["format"];

    private protected override IEnumerable<string> Arguments() =>
        [.. base.Arguments(), .. Flag("--verify-no-changes", VerifyNoChanges), .. Flag("--no-restore", NoRestore), .. Option("--severity", Severity)];
}
