using System.Text.Json.Nodes;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

/// <summary>What the bill makes of frameworks, runtimes, development dependencies, test projects and lock files.</summary>
public sealed class RestoredGraphTests : IDisposable
{
    readonly RestoredProject _restored = new();

    public void Dispose() => _restored.Dispose();

    [Fact]
    public void A_package_of_one_framework_is_no_dependency_in_another()
    {
        _restored.Assets("Multi", """
            {
              "net8.0": { "A/1.0.0": { "type": "package", "dependencies": { "D": "3.0.0" } }, "D/3.0.0": { "type": "package" } },
              ".NETCoreApp,Version=v10.0": { "A/1.0.0": { "type": "package" } }
            }
            """, "A >= 1.0.0");
        var sbom = Bill("Multi");
        sbom.DependenciesOf("pkg:nuget/A@1.0.0|net8.0").ShouldBe(["pkg:nuget/D@3.0.0"]);
        sbom.DependenciesOf("pkg:nuget/A@1.0.0|net10.0").ShouldBeEmpty();
        Frameworks(sbom, "pkg:nuget/D@3.0.0").ShouldBe(["net8.0"]);
    }

    [Fact]
    public void A_package_that_resolved_alike_everywhere_is_listed_once()
    {
        _restored.Assets("Multi", """
            {
              "net8.0": { "A/1.0.0": { "type": "package", "dependencies": { "D": "3.0.0" } }, "D/3.0.0": { "type": "package" } },
              "net10.0": { "A/1.0.0": { "type": "package", "dependencies": { "D": "3.0.0" } }, "D/3.0.0": { "type": "package" } }
            }
            """, "A >= 1.0.0");
        var sbom = Bill("Multi");
        sbom.Components.Where(x => !x.IsPart).Select(x => x.Reference).ShouldBe(["pkg:nuget/A@1.0.0", "pkg:nuget/D@3.0.0"]);
        Frameworks(sbom, "pkg:nuget/A@1.0.0").ShouldBe(["net10.0", "net8.0"]);
        sbom.Components.Count(x => x.IsPart).ShouldBe(2);
    }

    [Fact]
    public void What_is_private_and_gets_nothing_into_the_output_is_for_development_only()
    {
        _restored.Assets("Dev", """
            {
              "net10.0": {
                "A/1.0.0": { "type": "package", "build": { "build/a.props": {} }, "dependencies": { "B.C": "2.0.0" } },
                "B.C/2.0.0-beta.1": { "type": "package", "runtime": { "lib/net10.0/b.dll": {} } },
                "D/3.0.0": { "type": "package", "runtime": { "lib/net10.0/_._": {} } }
              }
            }
            """, """{ "dependencies": { "A": { "suppressParent": "All" }, "D": { "suppressParent": "All" } } }""", "A >= 1.0.0", "D >= 3.0.0");
        var sbom = Bill("Dev");
        Scope(sbom, "pkg:nuget/A@1.0.0").ShouldBe(SbomScope.Excluded);
        Scope(sbom, "pkg:nuget/D@3.0.0").ShouldBe(SbomScope.Excluded);
        // Private or not: its assembly is copied to the output.
        Scope(sbom, "pkg:nuget/B.C@2.0.0-beta.1").ShouldBe(SbomScope.Required);
        sbom.DependenciesOf("project:Dev").ShouldBe(["pkg:nuget/A@1.0.0", "pkg:nuget/D@3.0.0"]);
    }

    [Fact]
    public void What_only_test_projects_use_is_not_delivered()
    {
        _restored.Assets("App.Tests", """{ "net10.0": { "xunit.v3/3.2.1": { "type": "project" }, "A/1.0.0": { "type": "package" }, "Lib/1.0.0": { "type": "project", "dependencies": { "D": "3.0.0" } }, "D/3.0.0": { "type": "package" } } }""",
            "xunit.v3 >= 3.2.1", "A >= 1.0.0", "Lib >= 1.0.0");
        var sbom = Bill("Lib", "App.Tests");
        Scope(sbom, "pkg:nuget/A@1.0.0").ShouldBe(SbomScope.Excluded);
        Scope(sbom, "pkg:nuget/D@3.0.0").ShouldBe(SbomScope.Required);
        Scope(sbom, "project:App.Tests").ShouldBe(SbomScope.Excluded);
    }

    [Fact]
    public void A_framework_that_is_not_delivered_is_the_pack_that_was_compiled_against()
    {
        _restored.Package("microsoft.netcore.app.ref", "8.0.31", "<license type=\"expression\">MIT</license><authors>Microsoft</authors>", [7]);
        _restored.Assets("Web", """{ "net8.0": {} }""",
            """{ "frameworkReferences": { "Microsoft.NETCore.App": {} }, "downloadDependencies": [ { "name": "Microsoft.NETCore.App.Ref", "version": "[8.0.31, 8.0.31]" }, { "name": "Microsoft.AspNetCore.App.Ref", "version": "[8.0.31, 8.0.31]" } ] }""");
        var sbom = Bill("Web");
        var pack = sbom.Components.Single(x => x.Kind == SbomComponentKind.Framework);
        pack.Purl.ShouldBe("pkg:nuget/Microsoft.NETCore.App.Ref@8.0.31");
        pack.Scope.ShouldBe(SbomScope.Required);
        pack.Properties.ShouldContain(x => x.Name == "fairlead:provided");
        sbom.DependenciesOf("project:Web").ShouldBe(["pkg:nuget/Microsoft.NETCore.App.Ref@8.0.31"]);
    }

    [Fact]
    public void A_framework_that_is_delivered_is_its_runtime_pack()
    {
        _restored.Package("microsoft.netcore.app.runtime.linux-x64", "10.0.12", "<license type=\"expression\">MIT</license><authors>Microsoft</authors>", [8]);
        _restored.Assets("Web", """{ "net10.0": {}, "net10.0/linux-x64": {} }""",
            """{ "frameworkReferences": { "Microsoft.NETCore.App": {} }, "downloadDependencies": [ { "name": "Microsoft.NETCore.App.Runtime.linux-x64", "version": "[10.0.12, 10.0.12]" } ] }""");
        var sbom = Bill("Web");
        sbom.DependenciesOf("project:Web|net10.0/linux-x64").ShouldBe(["pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.12"]);
        sbom.DependenciesOf("project:Web|net10.0").ShouldBeEmpty();
        sbom.Components.Single(x => x.Kind == SbomComponentKind.Framework).Properties.ShouldNotContain(x => x.Name == "fairlead:provided");
    }

    [Fact]
    public void A_lock_file_that_does_not_agree_fails_the_verdict()
    {
        Lock("""{ "net10.0": { "D": { "type": "Direct", "resolved": "3.0.0" } } }""");
        SbomGenerator.Generate(_restored.Request("Lib")).Verdict.Outcome.ShouldBe(VerdictOutcome.Passed);
        Lock("""{ "net10.0": { "D": { "type": "Direct", "resolved": "2.0.0" } } }""");
        Failure().ShouldBe("'packages.lock.json' of 'Lib.csproj' does not agree with what restore resolved: it has D 2.0.0, restore 3.0.0 (net10.0). "
            + "Run 'dotnet restore' and commit the lock file, so that what is listed is what everybody gets.");
        Lock("""{ "net10.0": { } }""");
        Failure().ShouldContain("D 3.0.0 is not in it (net10.0)");
        Lock("""{ "net8.0": { } }""");
        Failure().ShouldContain("it knows nothing of net10.0");
        Lock("""{ "net10.0": { "D": { "resolved": "3.0.0" }, "E": { "resolved": "1.0.0" } } }""");
        Failure().ShouldContain("it has E 1.0.0, which restore did not resolve");
        Lock("[");
        Failure().ShouldContain("cannot be read");

        string Failure() => SbomGenerator.Generate(_restored.Request("Lib")).Verdict is { Outcome: VerdictOutcome.Failed, Summary: var summary } ? summary : "it passed";
        void Lock(string dependencies) => (_restored.Root / "Lib/packages.lock.json").WriteAllText($$"""{ "version": 2, "dependencies": {{dependencies}} }""");
    }

    [Fact]
    public void Licences_and_notices_come_from_the_packages_own_files()
    {
        const string Mit = "MIT License\r\n\r\nCopyright (c) 2020 Ann\r\n\r\nPermission is hereby granted, free of charge";
        (_restored.Packages / "b.c/2.0.0-beta.1/LICENSE.txt").WriteAllText($"{Mit}, to my friends.");
        var component = Bill("App").Components.Single(x => x.Name == "B.C");
        component.Licences.Single().Expression.ShouldMatch("^LicenseRef-sha256-[0-9a-f]{16}$");
        component.Licences.Single().Text.ShouldNotBeNull().ShouldContain("to my friends");
        component.Copyright.ShouldBe("Copyright (c) 2020 Ann");

        var own = AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists()).ShouldNotBeNull() / "LICENSE";
        (_restored.Packages / "b.c/2.0.0-beta.1/LICENSE.txt").WriteAllText(own.ReadAllText());
        Bill("App").Components.Single(x => x.Name == "B.C").Licences.Single().Expression.ShouldBe("MIT");
    }

    [Theory]
    [InlineData("The MIT License (MIT)\n\nCopyright (c) 2020 Ann\nCopyright 2021, Bob & Co.\nAll rights reserved.", "MIT")]
    [InlineData("# MIT License\n\n© 2020 Ann", "MIT")]
    [InlineData("\"Commons Clause\" License Condition v1.0\n\nThe Software is provided to you subject to the following condition.\n\nMIT License", "LicenseRef-")]
    [InlineData("MIT License\nCopyright (c) 2020 Ann, may not be sold", "LicenseRef-")]
    [InlineData("You owe me a beer.", "LicenseRef-")]
    public void Only_titles_and_notices_may_come_before_a_known_text(string before, string expected)
    {
        var own = (AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists()).ShouldNotBeNull() / "LICENSE").ReadAllText();
        var permission = own[own.IndexOf("Permission is hereby", StringComparison.Ordinal)..];
        new LicenceText($"{before}\n\n{permission}").Expression.ShouldStartWith(expected);
        new LicenceText($"{permission}\nNot for military use.").Expression.ShouldStartWith("LicenseRef-");
    }

    [Fact]
    public void A_damaged_assets_file_is_a_users_matter_for_the_count_too()
    {
        AssetsFile.Of(_restored.Project("App")).WriteAllText("{ \"version\": 3, ");
        Should.Throw<UserErrorException>(() => RestoredPackages.Read([_restored.Project("App")])).Remedy.ShouldNotBeNull().ShouldContain("dotnet restore");
    }

    [Fact]
    public void A_licence_file_outside_the_package_is_not_read()
    {
        _restored.Package("b.c", "2.0.0-beta.1", """<license type="file">../../../../etc/passwd</license>""", [2]);
        Bill("App").Components.Single(x => x.Name == "B.C").Licences.Single().Text.ShouldBeNull();
    }

    [Fact]
    public void One_pass_counts_packages_and_projects()
    {
        var projects = new[] { _restored.Project("App"), _restored.Project("Lib"), _restored.Project("Nowhere") };
        var restored = RestoredPackages.Read(projects);
        (restored.Packages, restored.Projects).ShouldBe((3, 2));
        restored.LockFiles.ShouldBe([_restored.Root / "App/packages.lock.json", _restored.Root / "Lib/packages.lock.json"]);
        restored.Differences.ShouldBeEmpty();
        (_restored.Root / "Lib/packages.lock.json").WriteAllText("""{ "version": 2, "dependencies": { "net10.0": { "D": { "type": "Direct", "resolved": "2.0.0" } } } }""");
        RestoredPackages.Read(projects).Differences.ShouldHaveSingleItem().ShouldContain("it has D 2.0.0, restore 3.0.0");
        RestoredPackages.Read(projects).Differences.Length.ShouldBe(1);
        RestoredPackages.Read(projects).Packages.ShouldBe(3);
        RestoredPackages.Read(projects).Projects.ShouldBe(2);
        RestoredPackages.Unrestored(projects).ShouldBe([_restored.Project("Nowhere")]);
    }

    [Fact]
    public void A_damaged_assets_file_gives_a_verdict_and_never_an_exception()
    {
        var file = AssetsFile.Of(_restored.Project("App"));
        var content = file.ReadAllText();
        Prop.ForAll(ArbMap.Default.GeneratorFor<(int At, int Length, string With)>().ToArbitrary(), damage =>
        {
            var at = (int)((uint)damage.At % content.Length);
            var length = Math.Min((int)((uint)damage.Length % 20), content.Length - at);
            file.WriteAllText($"{content[..at]}{damage.With}{content[(at + length)..]}");
            return SbomGenerator.Generate(_restored.Request("App")).Verdict.Kind == VerdictKinds.Sbom;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("MIT", """{"license":{"id":"MIT","acknowledgement":"declared"}}""")]
    [InlineData("MIT OR ISC", """{"expression":"MIT OR ISC","acknowledgement":"declared"}""")]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", """{"expression":"GPL-2.0-only WITH Classpath-exception-2.0","acknowledgement":"declared"}""")]
    [InlineData("Nobodys-1.0", """{"license":{"name":"Nobodys-1.0","acknowledgement":"declared"}}""")]
    [InlineData("see the file", """{"license":{"name":"see the file","acknowledgement":"declared"}}""")]
    [InlineData("LicenseRef-own", """{"license":{"name":"LicenseRef-own","acknowledgement":"declared"}}""")]
    public void CycloneDX_has_an_id_an_expression_or_a_name(string licence, string expected)
    {
        var json = CycloneDxWriter.Write(SbomOf.Components(SbomOf.Package("A", "1.0") with { Licences = [new SbomLicence(licence)] }));
        JsonNode.Parse(json)!["components"]![0]!["licenses"]![0]!.ToJsonString().ShouldBe(expected);
    }

    Sbom Bill(params string[] projects)
    {
        var result = SbomGenerator.Generate(_restored.Request(projects));
        return result.Sbom.ShouldNotBeNull(result.Verdict.Summary);
    }

    static SbomScope Scope(Sbom sbom, string reference) => sbom.Components.Single(x => x.Reference == reference).Scope;

    static IEnumerable<string> Frameworks(Sbom sbom, string reference) =>
        sbom.Components.Single(x => x.Reference == reference).Properties.Where(x => x.Name == "fairlead:framework").Select(x => x.Value);
}
