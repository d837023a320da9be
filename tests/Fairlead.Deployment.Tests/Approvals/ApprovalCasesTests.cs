using System.Collections.Immutable;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>Everything that may be tried with an approval, by real keys and a real repository. What is said to people is in the expected file.</summary>
public sealed class ApprovalCasesTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    static readonly ImmutableArray<Case> Cases =
    [
        new("two of the group", true, w => w.Given("alice", "bob")),
        new("nobody", false, w => w.Given()),
        new("one of two", false, w => w.Given("alice")),
        new("who deploys approves", false, w => w.Given("alice", "dora")),
        new("who deploys on CI approves", false, w => w.Given("alice", "bob"), Prepare: w => w.Variables["GITLAB_USER_EMAIL"] = "Bob@example.com"),
        new("an author approves", false, w => w.Given("alice", "carol")),
        new("a co-author approves", false, w => w.Given("alice", "dave")),
        new("an author whom the mailmap of the release hides approves", false, w => w.Given("alice", "carol"), Commit: "mailmap"),
        new("the same person twice with one key", false, w => w.Given("bob", "bob")),
        new("the same person with two keys", false, w => w.Given("bob", "bob-2")),
        new("a revoked key", false, w => w.Given("alice", "erin")),
        new("an expired key", false, w => w.Given("alice", "frank")),
        new("a key for another namespace", false, w => w.Given("alice", "gina")),
        new("a key that is in no file", false, w => w.Given("alice", "mallory")),
        new("a person of the wrong group", false, w => w.Given("alice", "zoe")),
        new("a person of an authority who is not of the group", false, w => w.Given("alice", "hugo")),
        new("another release", false, async w => [await w.SignAsync("alice", w.Request() with { Release = World.Hash("other"), Version = "1.3.0" }), .. await w.Given("bob")]),
        new("another environment", false, async w => [await w.SignAsync("alice", w.Request() with { Environment = "staging" }), .. await w.Given("bob")]),
        new("another application", false, async w => [await w.SignAsync("alice", w.Request() with { Application = "bank" }), .. await w.Given("bob")]),
        new("replayed after a rollback", false, async w => [await w.SignAsync("alice", w.Request() with { Round = 2 }), .. await w.Given("bob")]),
        new("the environment was configured otherwise since", false, async w => [await w.SignAsync("alice", w.Request() with { Configuration = World.Hash("otherwise") }), .. await w.Given("bob")]),
        new("given in advance for a later round", false, async w => [await w.SignAsync("alice", w.Request() with { Round = 5 }), .. await w.Given("bob")]),
        new("of an earlier deployment of another release: nothing to speak of", false, async w => [await w.SignAsync("alice", w.Request() with { Round = 1, Release = World.Hash("old") }), .. await w.Given("bob")]),
        new("another commit under the same digest", false, async w => [await w.SignAsync("alice", w.Request() with { Commit = new string('0', 40) }), .. await w.Given("bob")]),
        new("a key that the released commit adds", false, w => w.Given("key", "alice", "mallory"), Commit: "key"),
        new("the released commit asks for no approvals", false, w => w.Given("loosened", "alice"), Commit: "loosened", Released: x => x with { Approvals = new ApprovalSpec() }),
        new("the released commit lowers the minimum", false, w => w.Given("lowered", "alice"), Commit: "lowered", Released: x => x with { Approvals = x.Approvals with { Minimum = 1 } }),
        new("the released commit widens the group", false, w => w.Given("widened", "alice", "zoe"), Commit: "widened"),
        new("the released commit takes the protection away", false, w => w.Given("unprotected", "alice"), Commit: "unprotected", Released: x => x with { IsProtected = false, Approvals = x.Approvals with { Minimum = 1 } }),
        new("the released commit raises the minimum: that counts", false, w => w.Given("raised", "alice", "bob"), Commit: "raised", Released: x => x with { Approvals = x.Approvals with { Minimum = 3 } }),
        new("the rules before the release are good, the newest cannot be read", false, w => w.Given("broken", "alice", "bob"), Commit: "broken"),
        new("who has left since the release was made", false, w => w.Given("left", "alice", "bob"), Commit: "left"),
        new("signed for another namespace", false, async w => [await w.ForeignAsync("alice"), .. await w.Given("bob")]),
        new("the signature of another text", false, async w => [(await w.SignAsync("alice", w.Request())) with { Signature = (await w.SignAsync("alice", w.Request() with { Round = 1 })).Signature }, .. await w.Given("bob")]),
        new("a changed statement", false, async w => [w.Changed(await w.SignAsync("alice", w.Request() with { Round = 1 })), .. await w.Given("bob")]),
        new("no statement at all", false, async w => [new SignedApproval("hello", (await w.SignAsync("alice", w.Request())).Signature), .. await w.Given("bob")]),
        new("a countersignature is no approval", false, async w => [await w.SignAsync("alice", w.Request(), ApprovalPurpose.Countersign), .. await w.Given("bob")]),
        new("breaking the glass, alone and for oneself", true, async w => [await w.SignAsync("dora", w.Request(), ApprovalPurpose.BreakGlass, "the shop is down")]),
        new("breaking the glass without a reason", false, async w => [await w.SignAsync("dora", w.Request(), ApprovalPurpose.BreakGlass, " ")]),
        new("breaking the glass by somebody else", false, async w => [await w.SignAsync("bob", w.Request(), ApprovalPurpose.BreakGlass, "I am in a hurry")]),
        new("broken glass that is not needed", true, async w => [await w.SignAsync("dora", w.Request(), ApprovalPurpose.BreakGlass, "the shop is down"), .. await w.Given("alice", "bob")]),
        new("a bypass that the approvals do not cover", false, w => w.Given("alice", "bob"), Asked: x => x with { Bypassed = ["window"], BypassReason = "sale" }),
        new("a bypass that is covered, without those of the bypass", false, async w => [await w.SignAsync("alice", w.Bypassing()), await w.SignAsync("bob", w.Bypassing())], Asked: x => x with { Bypassed = ["window"], BypassReason = "sale" }),
        new("a bypass that is covered", true, async w => [await w.SignAsync("alice", w.Bypassing()), await w.SignAsync("bob", w.Bypassing()), await w.SignAsync("sue", w.Bypassing())], Asked: x => x with { Bypassed = ["window"], BypassReason = "sale" }),
        new("a bypass for another reason", false, async w => [await w.SignAsync("sue", w.Bypassing() with { BypassReason = "boredom" }), await w.SignAsync("alice", w.Bypassing()), await w.SignAsync("bob", w.Bypassing())], Asked: x => x with { Bypassed = ["window"], BypassReason = "sale" }),
        new("approvals for more than is done", false, async w => [await w.SignAsync("alice", w.Bypassing()), .. await w.Given("bob")]),
    ];

    [Fact]
    public async Task Each_is_refused_or_counted_as_it_should_be_and_says_why()
    {
        var said = new StringBuilder();
        foreach (var one in Cases)
        {
            world.Variables.Clear();
            one.Prepare?.Invoke(world);
            // The protected ref as it would be with the release merged into it.
            world.PolicyRef = one.Commit == "release" ? "origin/main" : $"origin/{one.Commit}";
            var given = await one.Given(world);
            var production = world.Production();
            var verdict = await world.Authority().JudgeAsync(one.Released?.Invoke(production) ?? production, (one.Asked ?? (x => x))(world.Request(one.Commit)), [.. given], world.Commit("rules"), [], CancellationToken.None);
            verdict.IsEnough.ShouldBe(one.IsEnough, $"{one.Name}: {verdict.Summary}\n{string.Join('\n', verdict.Lines)}");
            said.Append(System.Globalization.CultureInfo.InvariantCulture, $"# {one.Name}\n{(verdict.IsEnough ? "yes" : "no")}: {verdict.Summary}\n");
            foreach (var line in verdict.Lines)
                said.Append("  ").Append(line).Append('\n');
        }

        world.Plain(said.ToString()).ShouldBeAsIn("Approvals/cases.expected.txt");
    }

    [Fact]
    public async Task No_byte_of_a_signed_approval_can_be_changed()
    {
        world.PolicyRef = "origin/main";
        var signed = await world.SignAsync("alice", world.Request());
        var files = new SignerFiles("allowed_signers", Encoding.UTF8.GetBytes((world.Clone / ".nuke" / "allowed_signers").ReadAllText()), null);
        var signatures = new SshSignatures(world.Processes);
        (await signatures.FindSignerAsync(signed, files, world.Time.GetUtcNow(), default)).Principals.ShouldBe(["alice@example.com", "al@home.example"]);
        List<SignedApproval> changed =
        [
            .. Flipped(signed.Statement).Select(x => signed with { Statement = x }),
            .. Flipped(signed.Signature).Select(x => signed with { Signature = x }),
        ];
        changed.Count.ShouldBe(signed.Statement.Length + signed.Signature.Length);
        await Parallel.ForEachAsync(changed, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (approval, cancellationToken) =>
        {
            var statement = StatementText.Read(approval.Statement);
            if (approval.Statement != signed.Statement && !ApprovalJudge.IsFor(statement, world.Request(), ApprovalPurpose.Approve))
                return;
            (await signatures.FindSignerAsync(approval, files, world.Time.GetUtcNow(), cancellationToken)).Principals.ShouldBeEmpty(approval.ToString());
        });
    }

    [Fact]
    public async Task A_key_with_a_passphrase_asks_nobody_and_says_what_to_do()
    {
        var error = await Should.ThrowAsync<UserErrorException>(() => world.SignAsync("locked", world.Request()));
        world.Plain(error.Display).ShouldBe($"The key '<root>/keys/locked' has a passphrase, and nothing here asks for it.{Environment.NewLine}  → Add it to your agent: ssh-add <root>/keys/locked. Then run this again.");
        Directory.GetDirectories(Path.GetTempPath(), "fairlead-signers-*").Where(x => Directory.GetCreationTimeUtc(x) < DateTime.UtcNow.AddMinutes(-1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_ssh_keygen_it_is_said_what_to_install()
    {
        var bare = new ProcessRunner(new Redactor(), TimeProvider.System, world.Clone, new Dictionary<string, string> { ["PATH"] = world.Clone });
        var error = await Should.ThrowAsync<UserErrorException>(() => new SshSignatures(bare).SignAsync("text", world.Key("alice"), default));
        error.Display.ShouldContain("'ssh-keygen' was not found");
        error.Display.ShouldContain("openssh-client");
    }

    static IEnumerable<string> Flipped(string text) => Enumerable.Range(0, text.Length).Select(i => $"{text[..i]}{(char)(text[i] ^ 1)}{text[(i + 1)..]}");

    sealed record Case(
        string Name,
        bool IsEnough,
        Func<ApprovalWorld, Task<SignedApproval[]>> Given,
        string Commit = "release",
        Func<EnvironmentSpec, EnvironmentSpec>? Released = null,
        Func<ApprovalRequest, ApprovalRequest>? Asked = null,
        Action<ApprovalWorld>? Prepare = null);
}
