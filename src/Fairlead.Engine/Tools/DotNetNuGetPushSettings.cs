using System.Collections.Immutable;

namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet nuget push</c>.</summary>
public sealed record DotNetNuGetPushSettings : DotNetSettings<DotNetNuGetPushSettings>
{
    /// <summary>The package.</summary>
    public string? TargetPath { get; init; }

    /// <summary>The package.</summary>
    public DotNetNuGetPushSettings SetTargetPath(string? value) => this with { TargetPath = value };

    /// <summary>Address or name of the source.</summary>
    public string? Source { get; init; }

    /// <summary>Address or name of the source.</summary>
    public DotNetNuGetPushSettings SetSource(string? value) => this with { Source = value };

    /// <summary>The key; a secret.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The key; a secret.</summary>
    public DotNetNuGetPushSettings SetApiKey(string? value) => this with { ApiKey = value };

    /// <summary>A version that is there already is no error.</summary>
    public bool SkipDuplicate { get; init; }

    /// <summary>A version that is there already is no error.</summary>
    public DotNetNuGetPushSettings EnableSkipDuplicate() => this with { SkipDuplicate = true };

    /// <summary>A version that is there already is no error.</summary>
    public DotNetNuGetPushSettings SetSkipDuplicate(bool value) => this with { SkipDuplicate = value };
    private protected override ImmutableArray<string> Secrets => ApiKey is null ? [] : [ApiKey];

    /// <summary>Do not push symbol packages.</summary>
    public DotNetNuGetPushSettings EnableNoSymbols() => AddProcessAdditionalArguments("--no-symbols");

    private protected override IEnumerable<string> Verb => ["nuget", "push"];

    private protected override IEnumerable<string> Arguments() =>
        [TargetPath ?? "", .. Option("--source", Source), .. Option("--api-key", ApiKey), .. Flag("--skip-duplicate", SkipDuplicate)];
}
