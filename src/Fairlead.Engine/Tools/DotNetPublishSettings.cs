namespace Fairlead.Engine;

/// <summary>Settings of <c>dotnet publish</c>.</summary>
public sealed record DotNetPublishSettings : DotNetBuildingSettings<DotNetPublishSettings>
{
    /// <summary>Do not build, and do not restore.</summary>
    public bool NoBuild { get; init; }

    /// <summary>Do not build, and do not restore.</summary>
    public DotNetPublishSettings EnableNoBuild() => this with { NoBuild = true };

    /// <summary>Do not build, and do not restore.</summary>
    public DotNetPublishSettings SetNoBuild(bool value) => this with { NoBuild = value };

    /// <summary>Whether the runtime is published too; by default as the project says.</summary>
    public bool? SelfContained { get; init; }

    /// <summary>Whether the runtime is published too.</summary>
    public DotNetPublishSettings SetSelfContained(bool? value) => this with { SelfContained = value };
    private protected override IEnumerable<string> Verb => ["publish"];

    private protected override IEnumerable<string> Arguments() => [.. base.Arguments(), .. Flag("--no-build", NoBuild), .. Flag("--self-contained", SelfContained == true), .. Flag("--no-self-contained", SelfContained == false)];
}
