using Fairlead.Engine;

namespace Fairlead.Components.Tests;

public sealed class AuditTests : IDisposable
{
    readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_was_deployed_is_shown_verified_proven_and_compared_with_a_kept_checkpoint()
    {
        await _world.RunAsync(":audit");
        _world.Text.ShouldContain("The audit log is empty");
        await _world.RunAsync(":keys");
        _world.Commit("chore: a key");
        await _world.RunAsync("DeployStaging");
        _world.Text.ShouldNotContain("NOT SIGNED");
        await _world.RunAsync(":audit");
        _world.Text.ShouldContain("staging/1");
        _world.Text.ShouldContain("The deployment of");
        _world.Text.ShouldContain("The verdict 'tests'");
        await _world.RunAsync(":audit --environment production --since 7d");
        _world.Text.ShouldContain("No record is of that environment or time.");
        await _world.RunAsync(":audit checkpoint --to .nuke/temp/kept.txt");
        await _world.RunAsync(":audit verify --against .nuke/temp/kept.txt");
        _world.Text.ShouldContain("The audit log verifies:");
        _world.Text.ShouldContain("it has grown out of the log of the kept checkpoint");
        await _world.RunAsync(":audit prove staging/1 --to .nuke/temp/proof.json");
        await _world.RunAsync(":audit verify --proof .nuke/temp/proof.json");
        _world.Text.ShouldContain("The proof holds: record 1 is in the log 'fairlead/web'");
        await _world.RunAsync(":audit prune");

        // What this machine has seen signed, the log must have grown out of.
        var remembered = _world.Root / ".nuke" / "temp" / "state" / "web" / "audit" / "last-checkpoint";
        var note = remembered.ReadAllText();
        remembered.WriteAllText("fairlead/other\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n");
        await _world.RunAsync(":audit verify", ExitCodes.Failed);
        _world.Text.ShouldContain("that this machine remembers is of the log 'fairlead/other'");
        remembered.WriteAllText(note);
        await _world.RunAsync(":audit verify");

        var proof = _world.Root / ".nuke" / "temp" / "proof.json";
        proof.WriteAllText(proof.ReadAllText().Replace("staging/1", "staging/2", StringComparison.Ordinal));
        await _world.RunAsync(":audit verify --proof .nuke/temp/proof.json", ExitCodes.Failed);
        var log = _world.Root / ".nuke" / "temp" / "state" / "web" / "audit" / "log";
        log.WriteAllText(log.ReadAllText().Replace("The deployment of", "The dEployment of", StringComparison.Ordinal));
        await _world.RunAsync(":audit verify", ExitCodes.Failed);
        _world.Text.ShouldContain("record 1 (staging/1)");
        _world.Text.ShouldContain("does not verify");
    }

    [Fact]
    public async Task A_word_that_is_no_verb_of_the_audit_is_a_mistake_with_a_suggestion()
    {
        await _world.RunAsync(":audit verfy", ExitCodes.Usage);
        _world.Text.ShouldContain("verify");
        await _world.RunAsync(":audit prove", ExitCodes.Usage);
        await _world.RunAsync(":audit verify --against none.txt", ExitCodes.Usage);
    }

    [Fact]
    public async Task Figures_are_shown_and_written_for_Prometheus()
    {
        await _world.RunAsync("DeployStaging");
        (_world.Root / ".nuke" / "temp" / "state" / "web" / "metrics.prom").ReadAllText().ShouldContain("fairlead_deployments_total{environment=\"staging\",result=\"success\"} 1\n");
        await _world.RunAsync(":metrics");
        _world.Text.ShouldContain("change failures");
        _world.Text.ShouldContain("100%");
        await _world.RunAsync(":metrics --to .nuke/temp/out.prom");
        (_world.Root / ".nuke" / "temp" / "out.prom").ReadAllText().ShouldContain("# TYPE fairlead_deployment_duration_seconds histogram");
        await _world.RunAsync(":metrics --days none", ExitCodes.Usage);
    }
}
