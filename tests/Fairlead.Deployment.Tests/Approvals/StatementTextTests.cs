using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Deployment.Tests;

public sealed class StatementTextTests
{
    static readonly ApprovalStatement Statement = new(
        ApprovalPurpose.BreakGlass,
        new ApprovalRequest { Application = "shop", Environment = "production", Release = "sha256:00", Version = "1.0.0", Commit = "c0ffee", Round = 3, Bypassed = ["window"], BypassReason = "Größe \"1\"" },
        new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
        "why");

    [Fact]
    public void A_statement_reads_back_as_itself()
    {
        var text = StatementText.Of(Statement);
        text.ShouldBe("""{"purpose":"break-glass","request":{"application":"shop","environment":"production","release":"sha256:00","version":"1.0.0","commit":"c0ffee","round":3,"bypassed":["window"],"bypassReason":"Größe \"1\""},"at":"2026-01-05T09:00:00+00:00","reason":"why"}""");
        StatementText.Read(text).ShouldBe(Statement);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"purpose":"approve"}""")]
    [InlineData("""{"purpose":0,"request":null,"at":"2026-01-05T09:00:00+00:00","reason":null}""")]
    [InlineData("""{"purpose":"approve","request":{"application":null,"environment":"p","release":"r","version":"v","commit":"c","round":1,"bypassed":null,"bypassReason":null},"at":"2026-01-05T09:00:00+00:00","reason":null}""")]
    public void What_is_no_statement_is_none(string text) => StatementText.Read(text).ShouldBeNull();

    [Fact]
    public void There_is_one_form_only()
    {
        var text = StatementText.Of(Statement);
        StatementText.Read($" {text}").ShouldBeNull();
        StatementText.Read($"{text}\n").ShouldBeNull();
        StatementText.Read(text.Replace("\"round\":3", "\"round\":3,\"round\":3", StringComparison.Ordinal)).ShouldBeNull();
        StatementText.Read(text.Replace("\"round\":3", "\"round\":3.0", StringComparison.Ordinal)).ShouldBeNull();
        StatementText.Read(text.Replace("\"reason\":\"why\"", "\"reason\":\"why\",\"more\":1", StringComparison.Ordinal)).ShouldBeNull();
        StatementText.Read(text.Replace("ö", "\\u00f6", StringComparison.Ordinal)).ShouldBeNull();
    }

    [Fact]
    public void Hostile_texts_are_no_statements_and_no_signatures_and_nobody_is_in_them() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(x => (char)x).ArrayOf().ToArbitrary(), letters =>
        {
            var text = new string(letters);
            StatementText.Read(text).ShouldBeNull();
            SignatureArmour.Normalise($"-----BEGIN SSH SIGNATURE-----\n{text}\n-----END SSH SIGNATURE-----").ShouldBeNull();
            _ = AllowedSigners.Parse($"{text}\na@x ssh-ed25519 AAAA").Principals;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Lines_that_share_a_name_or_a_key_are_one_person()
    {
        var signers = AllowedSigners.Parse("""
            # people
            ada@x,ada@home ssh-ed25519 AAAA1 work
            ADA@home namespaces="a,b" ssh-ed25519 AAAA2
            countess@x ssh-ed25519 AAAA2
            bob@x ecdsa-sha2-nistp256 AAAA3
            "carol@x,caz@x" valid-before="20300101" ssh-ed25519 AAAA4
            *@example.com,x@example.com,y@example.com cert-authority ssh-ed25519 AAAA5
            * ssh-ed25519 AAAA6
            """);
        signers.IsSamePerson("countess@x", "Ada@X").ShouldBeTrue();
        signers.IsSamePerson("caz@x", "carol@x").ShouldBeTrue();
        signers.IsSamePerson("bob@x", "ada@x").ShouldBeFalse();
        signers.IsSamePerson("x@example.com", "y@example.com").ShouldBeFalse();
        signers.Knows("bob@X").ShouldBeTrue();
        signers.Knows("*").ShouldBeFalse();
    }
}
