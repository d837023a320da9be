using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

public sealed class SecretSealTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-seal-").FullName);

    public void Dispose() => _root.DeleteDirectory();

    AgentState State() => new()
    {
        Revisions = [ReplicaTests.Spec(ordinal: 1), ReplicaTests.Spec(ordinal: 2) with { Secrets = new Dictionary<string, string> { ["PASSWORD"] = "hunter2-planted" } }],
        Weights = new Dictionary<string, IReadOnlyDictionary<string, int>> { ["shop"] = new Dictionary<string, int> { ["shop.2"] = 100 } },
    };

    [Fact]
    public void Secrets_stand_in_no_file_and_are_there_again_for_the_next_agent()
    {
        State().Write(_root / "agent.json", new SecretSeal(_root, _root / "runtime"));
        (_root / "agent.json").ReadAllText().ShouldNotContain("hunter2");
        AgentState.Read(_root / "agent.json", new SecretSeal(_root, _root / "runtime")).Revisions[1].Secrets["PASSWORD"].ShouldBe("hunter2-planted");
    }

    [Fact]
    public void Without_the_key_a_revision_with_secrets_is_not_started_without_them()
    {
        State().Write(_root / "agent.json", new SecretSeal(_root, _root / "runtime"));
        (_root / "runtime").DeleteDirectory();
        var state = AgentState.Read(_root / "agent.json", new SecretSeal(_root, _root / "runtime"));
        state.Revisions.ShouldHaveSingleItem().Ordinal.ShouldBe(1);
        state.Weights.ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_seal_opens_nothing()
    {
        var seal = new SecretSeal(_root, _root / "runtime");
        var text = seal.Seal("shop.2", new Dictionary<string, string> { ["PASSWORD"] = "hunter2-planted" });
        seal.Open("shop.3", text).ShouldBeNull();
        var bytes = Convert.FromBase64String(text);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            seal.Open("shop.2", Convert.ToBase64String(bytes)).ShouldBeNull();
            bytes[i] ^= 1;
        }

        seal.Open("shop.2", "nonsense").ShouldBeNull();
        seal.Open("shop.2", "").ShouldBeNull();
    }
}
