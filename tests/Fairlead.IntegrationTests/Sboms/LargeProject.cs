using System.IO.Compression;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A project with more than 300 packages: about two thirds are well-known ones from the configured source, the others are made here and depend on each other.</summary>
sealed class LargeProject : IDisposable
{
    const int Made = 120;

    static readonly (string Name, string Version)[] WellKnown =
    [
        ("Azure.Identity", "1.17.1"), ("BenchmarkDotNet", "0.14.0"), ("coverlet.collector", "6.0.4"), ("Dapper", "2.1.66"), ("FluentValidation", "11.11.0"), ("FsCheck", "3.6.0"),
        ("Handlebars.Net", "2.4.3"), ("Markdig", "1.4.1"), ("MathNet.Numerics", "5.0.0"), ("Microsoft.CodeAnalysis.CSharp", "4.3.1"), ("Microsoft.Extensions.FileSystemGlobbing", "10.0.11"),
        ("Microsoft.Extensions.Hosting", "7.0.0"), ("Microsoft.NET.Test.Sdk", "18.0.1"), ("Microsoft.Playwright", "1.64.1"), ("Moq", "4.20.72"), ("NETStandard.Library", "1.6.1"), ("Npgsql", "10.0.0"),
        ("NSubstitute", "6.1.0"), ("NuGet.Versioning", "8.0.0"), ("NUnit", "4.2.2"), ("OpenTelemetry", "1.20.1"), ("OpenTelemetry.Exporter.OpenTelemetryProtocol", "1.20.1"), ("Polly", "8.5.2"),
        ("Polly.Core", "8.9.1"), ("Shouldly", "4.2.1"), ("Spectre.Console", "0.49.1"), ("Swashbuckle.AspNetCore", "7.2.0"), ("xunit", "2.9.3"), ("xunit.v3", "3.2.1"), ("YamlDotNet", "16.3.0"),
    ];

    public LargeProject()
    {
        for (var number = 1; number <= Made; number++)
            Package(number);
        var references = WellKnown.Append(("Made.Package001", "1.0.0")).Select(x => $"""    <PackageReference Include="{x.Item1}" Version="{x.Item2}" />""");
        File.WriteAllText(Path, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>
                <RestoreEnablePackagePruning>false</RestoreEnablePackagePruning>
                <RestoreAdditionalProjectSources>$(MSBuildProjectDirectory)/made</RestoreAdditionalProjectSources>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
            {string.Join('\n', references)}
              </ItemGroup>
            </Project>
            """);
    }

    public AbsolutePath Root { get; } = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-large-").FullName);

    public AbsolutePath Path => Root / "Large.csproj";

    /// <summary>Restores into a package folder of its own: what was made here would otherwise stay in the user's.</summary>
    public Task<ProcessResult> RestoreAsync() =>
        new ProcessRunner(new Redactor(), TimeProvider.System, Root).RunAsync(ToolCommand.Of("dotnet", "restore", Path, "--packages", Root / "packages").WithAnyExitCode() with { Timeout = TimeSpan.FromMinutes(5) });

    public void Dispose() => Root.DeleteDirectory();

    // Each depends on the two with double its number: a tree, every node of it reached from the first.
    void Package(int number)
    {
        string Name(int x) => $"Made.Package{x:000}";
        var dependencies = string.Concat(new[] { 2 * number, (2 * number) + 1 }.Where(x => x <= Made).Select(x => $"""<dependency id="{Name(x)}" version="1.0.0" />"""));
        Directory.CreateDirectory(Root / "made");
        using var archive = ZipFile.Open(Root / "made" / $"{Name(number)}.1.0.0.nupkg", ZipArchiveMode.Create);
        using (var nuspec = new StreamWriter(archive.CreateEntry($"{Name(number)}.nuspec").Open()))
        {
            nuspec.Write($"""
                <?xml version="1.0"?>
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>{Name(number)}</id><version>1.0.0</version><authors>The makers</authors>
                <description>Made for a test.</description><license type="expression">{(number % 2 == 0 ? "MIT OR Apache-2.0" : "ISC")}</license><copyright>© The makers</copyright>
                <dependencies><group targetFramework="netstandard2.0">{dependencies}</group></dependencies></metadata></package>
                """);
        }

        using var placeholder = archive.CreateEntry("lib/netstandard2.0/_._").Open();
    }
}
