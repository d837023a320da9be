using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Fairlead.Releases;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>
/// A repository whose main branch is protected, people with real keys, and releases that try to bring their own rules along. Each branch of the remote is one possible
/// protected ref: what would be there if that release had been merged.
/// </summary>
public sealed partial class ApprovalWorld : IAsyncLifetime
{
    public const string Rules = """
        application: shop
        groups:
          senior-engineers: [alice@example.com, bob@example.com, carol@example.com, dave@example.com, dora@example.com, erin@example.com, frank@example.com, gina@example.com, henry@example.com]
          on-call: [dora@example.com, alice@example.com]
          security: [sue@example.com]
        environments:
          staging:
            url: http://127.0.0.1:5080
            acceptance: { approvers: [tess@example.com, carol@example.com] }
          production:
            url: http://127.0.0.1:5090
            requires_verified_on: none
            approvals: { approvers: [senior-engineers], minimum_approvals: 2, break_glass: [on-call] }
            bypass: { approvers: [security] }
        """;

    static readonly ImmutableArray<string> People = ["alice", "bob", "bob-2", "carol", "dave", "dora", "erin", "frank", "gina", "hugo", "mallory", "sue", "tess", "zoe"];

    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-approvals-").FullName);
    readonly Dictionary<string, string> _commits = new(StringComparer.Ordinal);

    public ApprovalWorld() => Processes = new ProcessRunner(new Redactor(), TimeProvider.System, _root, new Dictionary<string, string>
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
        ["HOME"] = _root,
        ["GIT_CONFIG_NOSYSTEM"] = "1",
    });

    public ProcessRunner Processes { get; }

    public ManualTimeProvider Time { get; private set; } = new();

    public AbsolutePath Clone => _root / "clone";

    public List<string> Warnings { get; } = [];

    /// <summary>The ref that this machine is told to read rules from; null: the default.</summary>
    public string? PolicyRef { get; set; } = "origin/main";

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>The clock begins anew.</summary>
    public ManualTimeProvider Restart() => Time = new ManualTimeProvider();

    public AbsolutePath Key(string person) => _root / "keys" / person;

    public string Commit(string name) => _commits[name];

    public async ValueTask InitializeAsync()
    {
        Key("x").Parent.CreateDirectory();
        foreach (var person in People)
            await RunAsync("ssh-keygen", "-q", "-t", person == "zoe" ? "ecdsa" : "ed25519", "-N", "", "-C", person, "-f", Key(person));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "open sesame", "-C", "locked", "-f", Key("locked"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "authority", "-f", Key("authority"));
        await RunAsync("ssh-keygen", "-q", "-s", Key("authority"), "-I", "hugo", "-n", "hugo@example.com", Key("hugo") + ".pub");
        await GitAsync(_root, "init", "--quiet", "--bare", "-b", "main", _root / "origin.git");
        await GitAsync(_root, "clone", "--quiet", _root / "origin.git", Clone);
        await GitAsync(Clone, "checkout", "--quiet", "-B", "main");
        await GitAsync(Clone, "config", "user.name", "Dora");
        await GitAsync(Clone, "config", "user.email", "dora@example.com");

        await CommitAsync("rules", "founder@example.com", "The rules", (".nuke/environments.yml", Rules), (".nuke/allowed_signers", Signers()), (".nuke/revoked_signers", PublicKey("erin")), (".nuke/keys/one.pub", "one"));
        await CommitAsync("release", "carol@example.com", "A feature\n\nCo-authored-by: Dave <Dave@Example.com>");
        await PushAsync("main");
        await BranchAsync("key", Rules, Signers() + Line("mallory@example.com", "mallory"));
        await BranchAsync("loosened", Rules.Replace("approvers: [senior-engineers], minimum_approvals: 2", "required: false", StringComparison.Ordinal), Signers());
        await BranchAsync("lowered", Rules.Replace("minimum_approvals: 2", "minimum_approvals: 1", StringComparison.Ordinal), Signers());
        await BranchAsync("widened", Rules.Replace("senior-engineers: [", "senior-engineers: [zoe@example.com, ", StringComparison.Ordinal), Signers());
        await BranchAsync("unprotected", Rules.Replace("    requires_verified_on: none", "    requires_verified_on: none\n    protected: false", StringComparison.Ordinal).Replace("minimum_approvals: 2", "minimum_approvals: 1", StringComparison.Ordinal), Signers());
        await BranchAsync("raised", Rules.Replace("minimum_approvals: 2", "minimum_approvals: 3", StringComparison.Ordinal), Signers());
        await BranchAsync("mailmap", Rules, Signers(), (".mailmap", "Somebody Else <other@example.com> <carol@example.com>\n"));
        await BranchAsync("broken", "environments: [", Signers());
        // Somebody leaves after the release was made.
        await BranchAsync("left", Rules, Signers());
        await CommitAsync("left-after", "founder@example.com", "Bob leaves", (".nuke/allowed_signers", Signers().Replace("bob@example.com", "nobody@example.com", StringComparison.Ordinal)));
        await PushAsync("left");
        await GitAsync(Clone, "checkout", "--quiet", "main");
    }

    public ValueTask DisposeAsync()
    {
        _root.DeleteDirectory();
        return ValueTask.CompletedTask;
    }

    public EnvironmentSpec Production(string rules = Rules) => EnvironmentsFile.Parse(rules, "environments.yml", "shop").Environment("production");

    public ProtectedPolicy Policy(AbsolutePath? clone = null) => new(
        Processes, clone ?? Clone, ".nuke/environments.yml", x => x == ProtectedPolicy.Variable ? PolicyRef : Variables.GetValueOrDefault(x), Warnings.Add);

    public ApprovalAuthority Authority(AbsolutePath? clone = null, string user = "dora") => new(
        Processes, clone ?? Clone, Policy(clone), new DeployerIdentity(Processes, clone ?? Clone, Variables.GetValueOrDefault, user, "desk"), Time);

    public ApprovalRequest Request(string commit = "release") => new()
    {
        Application = "shop",
        Environment = "production",
        Release = Release(commit).Digest,
        Version = "1.4.0",
        Commit = Commit(commit),
        Round = 4,
        Configuration = EnvironmentDigest.Of(Production()),
    };

    public ReleaseManifest Release(string commit = "release") => World.Release("1.4.0") with { Commit = Commit(commit) };

    public Task<SignedApproval> SignAsync(string person, ApprovalRequest request, ApprovalPurpose purpose = ApprovalPurpose.Approve, string? reason = null) =>
        new SshSignatures(Processes).SignAsync(StatementText.Of(new ApprovalStatement(purpose, request, Time.GetUtcNow(), reason)), Key(person), CancellationToken.None);

    public async Task<string> RunAsync(string tool, params string[] arguments) => (await Processes.RunAsync(ToolCommand.Of(tool, arguments))).StandardOutput;

    public async Task<string> GitAsync(AbsolutePath directory, params string[] arguments) => (await Processes.RunAsync(Git.Command(directory, arguments))).StandardOutput;

    /// <summary>A text without what differs from run to run: ids and keys.</summary>
    public string Plain(string text)
    {
        foreach (var (name, commit) in _commits)
            text = text.Replace(commit, $"<{name}>", StringComparison.Ordinal).Replace(commit[..7], $"<{name}>", StringComparison.Ordinal);
        return Fingerprint().Replace(text, "SHA256:<key>").Replace(_root, "<root>", StringComparison.Ordinal);
    }

    public string PublicKey(string person) => (Key(person) + ".pub") is var file ? AbsolutePath.Create(file).ReadAllText() : "";

    string Signers() => string.Concat(
        "# Whose approvals count\n\n",
        Line("alice@example.com,al@home.example", "alice"),
        Line("bob@example.com", "bob"),
        Line("Bob@Example.com", "bob-2"),
        Line("carol@example.com", "carol"),
        Line("dave@example.com", "dave"),
        Line("dora@example.com", "dora"),
        Line("erin@example.com", "erin"),
        Line("frank@example.com", "frank", "valid-before=\"20250101\""),
        Line("gina@example.com", "gina", "namespaces=\"git\""),
        Line("*@example.com", "authority", "cert-authority"),
        Line("sue@example.com", "sue"),
        Line("tess@example.com", "tess"),
        Line("zoe@example.com", "zoe"));

    string Line(string principals, string person, string options = "") => $"{principals} {options}{(options.Length > 0 ? " " : "")}{PublicKey(person)}";

    async Task BranchAsync(string name, string rules, string signers, params (string Path, string Text)[] more)
    {
        await GitAsync(Clone, "checkout", "--quiet", "-B", name, Commit("rules"));
        await CommitAsync(name, "carol@example.com", $"A release that changes something: {name}", [(".nuke/environments.yml", rules), (".nuke/allowed_signers", signers), .. more]);
        await PushAsync(name);
    }

    async Task CommitAsync(string name, string author, string message, params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            (Clone / path).Parent.CreateDirectory();
            (Clone / path).WriteAllText(text);
        }

        await GitAsync(Clone, "add", "-A");
        await GitAsync(Clone, "-c", $"user.email={author}", "commit", "--quiet", "--allow-empty", "-m", message);
        _commits[name] = await GitAsync(Clone, "rev-parse", "HEAD");
    }

    Task PushAsync(string branch) => GitAsync(Clone, "push", "--quiet", "origin", $"HEAD:refs/heads/{branch}");

    [GeneratedRegex("SHA256:[A-Za-z0-9+/]{43}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fingerprint();
}
