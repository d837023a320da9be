using System.Text.Json.Nodes;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

public sealed class SecurityPolicyReaderTests
{
    const string Whole = """
        fail_on: critical
        ignore_unfixed: true
        database: { max_age: 36h }
        environments:
          production: { fail_on: medium }
        exceptions:
          - id: CVE-2024-1234
            package: Newtonsoft.Json
            path: src/**
            reason: not reachable
            owner: jane@example.com
            expires: 2026-12-31
        vex: [vex/*.json]
        licences: { allow: [MIT, BSD-*], deny: [AGPL-3.0-*], declared: { Foo: MIT }, allow_unknown: true }
        secrets: { skip: [tests/fixtures/**] }
        configuration: { skip: [samples/**] }
        """;

    [Fact]
    public void Every_key_is_read()
    {
        var policy = SecurityPolicyReader.Parse(Whole);
        policy.FailOn.ShouldBe(Severity.Critical);
        policy.IgnoreUnfixed.ShouldBeTrue();
        policy.DatabaseMaxAge.ShouldBe(TimeSpan.FromHours(36));
        policy.Environments["production"].ShouldBe(Severity.Medium);
        policy.Exceptions.ShouldBe([new Exemption("CVE-2024-1234", "not reachable", "jane@example.com", new DateOnly(2026, 12, 31)) { Package = "Newtonsoft.Json", Path = "src/**", Where = new SourceLocation(".nuke/security.yml", 7, 5) }]);
        policy.Vex.ShouldBe(["vex/*.json"]);
        policy.Licences.Allow.ShouldBe(["MIT", "BSD-*"]);
        policy.Licences.Deny.ShouldBe(["AGPL-3.0-*"]);
        policy.Licences.Declared["foo"].ShouldBe("MIT");
        policy.Licences.AllowUnknown.ShouldBeTrue();
        policy.SecretsSkip.ShouldBe(["tests/fixtures/**"]);
        policy.ConfigurationSkip.ShouldBe(["samples/**"]);
    }

    [Fact]
    public void Without_a_file_the_defaults_hold()
    {
        foreach (var policy in new[] { SecurityPolicyReader.Parse(""), SecurityPolicyReader.Load(AbsolutePath.Create(AppContext.BaseDirectory)) })
        {
            policy.FailOn.ShouldBe(Severity.High);
            policy.DatabaseMaxAge.ShouldBe(TimeSpan.FromDays(7));
            policy.Exceptions.ShouldBeEmpty();
        }
    }

    [Fact]
    public void All_mistakes_are_said_at_once_with_their_places_and_what_was_meant()
    {
        Mistakes("""
            fail_on: hihg
            database: { max_age: soon }
            exeptions: []
            exceptions:
              - id: CVE-1
                owner: me
                expires: tomorrow
              - CVE-2
            environments:
              production: { fail: low }
            secrets: x
            vex: a.json
            """).ShouldBe([
            "1:10 'fail_on' must be low, medium, high or critical. Did you mean 'high'?",
            "2:22 'max_age' must be an age like 7d, 36h or 2w.",
            "3:1 There is no key 'exeptions' here. Did you mean 'exceptions'?",
            "5:5 This exception has no 'reason'. Who accepts a finding says why, who answers for it, and until when.",
            "7:14 'expires' must be a day like 2026-12-31.",
            "8:5 An exception must be keys with values. It has the keys id, reason, owner, expires.",
            "10:17 There is no key 'fail' here. Did you mean 'fail_on'?",
            "11:10 'secrets' must be keys with values. Write one below 'secrets:', indented: skip.",
            "12:6 'vex' must be a list of texts."]);
        Mistakes("- a").ShouldBe(["1:1 Keys with values are expected here. Write, for instance, 'fail_on: high'."]);
    }

    [Fact]
    public void A_gate_that_could_never_close_is_a_mistake() =>
        Mistakes("environments:\n  staging: { fail_on: critical }\n").ShouldHaveSingleItem().ShouldStartWith("2:23 The gate of staging (critical) is laxer than the build's (high)");

    [Fact]
    public void The_schema_beside_the_documentation_is_the_readers()
    {
        (SupplyChainData.Repository / "docs/schemas" / SecuritySchema.FileName).ReadAllText().ShouldBe(SecuritySchema.Text());
        (SupplyChainData.Repository / "docs/schemas" / ToolsLockSchema.FileName).ReadAllText().ShouldBe(ToolsLockSchema.Text());
        var properties = JsonNode.Parse(SecuritySchema.Text())!["properties"]!.AsObject().Select(x => x.Key).ToList();
        properties.ShouldAllBe(x => Whole.Contains($"{x}:", StringComparison.Ordinal), "Every_key_is_read reads every key.");
    }

    [Fact]
    public void Hostile_text_is_refused_and_never_crashes()
    {
        var words = new[] { "exceptions:", "environments:", "licences:", "declared:", " ", "\n", "- ", "id: x", "{", "}", "[", "]", "&a", "*a", "!!int", "|", "fail_on: ", "low", "\t", ":", "\"", "é", "database:" };
        Prop.ForAll(Gen.ListOf(Gen.Elements(words)).ToArbitrary(), parts =>
        {
            try
            {
                SecurityPolicyReader.Parse(string.Concat(parts));
            }
            catch (ProblemsException)
            {
                // Refused.
            }
        }).QuickCheckThrowOnFailure();
    }

    static List<string> Mistakes(string text) => [.. Should.Throw<ProblemsException>(() => SecurityPolicyReader.Parse(text)).Problems
        .Select(x => $"{x.Where!.Value.Line}:{x.Where.Value.Column} {x.Message}{(x.Remedy is null ? "" : " " + x.Remedy)}")];
}
