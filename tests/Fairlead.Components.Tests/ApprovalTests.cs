using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components.Tests;

public sealed class ApprovalTests : IDisposable
{
    readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task People_approve_with_their_keys_and_are_told_what_they_sign_and_how_to_go_on()
    {
        var runner = new ProcessRunner(new Redactor(), TimeProvider.System, _world.Root, _world.Environment);
        _world.Processes.When(x => x.Tool == "ssh-keygen", runner);
        var lines = "";
        foreach (var (person, address) in ((string, string)[])[("ada", "ada@example.org"), ("grace", "grace@example.org"), ("author", "t@example.org")])
        {
            Key(person).Parent.CreateDirectory();
            await runner.RunAsync(ToolCommand.Of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Key(person)));
            lines += $"{address} {AbsolutePath.Create($"{Key(person)}.pub").ReadAllText()}";
        }

        var rules = _world.Root / ".nuke" / "environments.yml";
        _world.Write(".nuke/environments.yml", rules.ReadAllText().TrimEnd() + "\n    approvals: { minimum_approvals: 2 }\n");
        _world.Write(".nuke/allowed_signers", lines);
        _world.Commit("ci: two must agree");
        _world.Git("init", "--quiet", "--bare", "--initial-branch", "main", ".nuke/temp/origin.git");
        _world.Git("remote", "add", "origin", _world.Root / ".nuke" / "temp" / "origin.git");
        _world.Git("push", "--quiet", "origin", "main");
        _world.Commit("feat: more");
        await _world.RunAsync("Package");

        await _world.RunAsync($":approve production --key {Key("author")}", ExitCodes.Refused);
        _world.Text.ShouldContain("t@example.org, 2026-01-05");
        _world.Text.ShouldContain("not counted, they wrote");
        await _world.RunAsync($":approve production --key {Key("ada")}");
        _world.Text.ShouldContain("You approve web 0.0.1-3 on production:");
        _world.Text.ShouldContain($"  commit  {_world.Git("rev-parse", "HEAD")}");
        _world.Text.ShouldContain("1 of 2 approvals (ada@example.org).");
        _world.Text.ShouldContain("Missing: 1 more of anybody in .nuke/allowed_signers (grace@example.org): ./build.sh :approve production");
        await _world.RunAsync($":approve production --key {Key("grace")}");
        _world.Text.ShouldContain("Go on with: ./build.sh DeployProduction --release 0.0.1-3");
        await _world.RunAsync(":approvals production");
        _world.Text.ShouldContain("2 of 2 approvals (ada@example.org, grace@example.org)");
        await _world.RunAsync(":approve production --countersign", ExitCodes.Failed);
        _world.Text.ShouldContain("Nothing that went to production waits to be countersigned.");
        await _world.RunAsync(":accept staging", ExitCodes.Failed);
        _world.Text.ShouldContain("Nothing is live on staging that could be accepted.");
    }

    [Fact]
    public async Task A_signature_by_a_key_that_came_with_the_release_does_not_count_in_production()
    {
        _world.Write(".nuke/environments.yml", (_world.Root / ".nuke" / "environments.yml").ReadAllText().Replace(", signatures: when-available", "", StringComparison.Ordinal));
        _world.Commit("ci: signatures are needed");
        _world.Git("init", "--quiet", "--bare", "--initial-branch", "main", ".nuke/temp/origin.git");
        _world.Git("remote", "add", "origin", _world.Root / ".nuke" / "temp" / "origin.git");
        _world.Git("push", "--quiet", "origin", "main");
        await _world.RunAsync(":keys");
        _world.Commit("ci: a key");
        await _world.RunAsync("DeployStaging");
        var refused = (await _world.RunAsync("DeployProduction", ExitCodes.Refused)).Find("DeployProduction")!.Detail!;
        refused.ShouldContain("does not count for production: the key came with the release, and is not in .nuke/keys on origin/main");
        // Merged, and another commit later, it does.
        _world.Git("push", "--quiet", "origin", "main");
        _world.Commit("feat: more");
        await _world.RunAsync("DeployStaging");
        await _world.RunAsync("DeployProduction --plan");
        _world.Text.ShouldNotContain("It would be refused");
    }

    AbsolutePath Key(string person) => _world.Root / ".nuke" / "temp" / "ssh" / person;
}
