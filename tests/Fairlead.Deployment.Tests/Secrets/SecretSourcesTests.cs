using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Testing;
using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Deployment.Tests;

public sealed class SecretSourcesTests : IDisposable
{
    const string Planted = "planted-value";

    readonly FakeProcessRunner _processes = new();
    readonly Redactor _redactor = new();
    readonly SecretSources _sources;

    public SecretSourcesTests() => _sources = new SecretSources(x => x switch { "TOKEN" => "planted-token", "EMPTY" => "", _ => null }, _processes, _redactor, TimeProvider.System);

    public void Dispose() => _sources.Dispose();

    Task<string> ResolveAsync(SecretReference reference) => _sources.ResolveAsync(reference, CancellationToken.None);

    async Task<string> RefusalAsync(SecretReference reference)
    {
        var error = await Should.ThrowAsync<UserErrorException>(() => ResolveAsync(reference));
        error.Display.ShouldNotContain(Planted);
        error.Display.ShouldNotContain("planted-token");
        return error.Message;
    }

    static SecretReference Kubernetes(string key) => new(SecretReference.FromKubernetes, key) { Store = new SecretStore { Namespace = "shop", Context = "prod" } };

    static SecretReference Program(string key) => new("pass", key) { Store = new SecretStore { Command = ["pass", "show", "{key}"] } };

    [Fact]
    public async Task A_secret_of_Kubernetes_is_decoded_and_its_age_is_that_of_the_last_change()
    {
        var json = $$$"""{"data":{"url":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted))}}}","bad":"%%"},"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z","managedFields":[{"time":"2026-02-01T00:00:00Z"},{}]}}""";
        _processes.When(x => x.Tool == "kubectl", 0, json);
        (await ResolveAsync(Kubernetes("database#url"))).ShouldBe(Planted);
        _processes.Commands[0].Arguments.ShouldBe(["--context=prod", "get", "secret", "--output=json", "--show-managed-fields=true", "--namespace=shop", "--", "database"]);
        (await ResolveAsync(Kubernetes("other/database#url"))).ShouldBe(Planted);
        _processes.Commands[1].Arguments.ShouldContain("--namespace=other");
        (await _sources.FindChangeAsync(Kubernetes("database#url"), CancellationToken.None)).ShouldBe(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        (await RefusalAsync(Kubernetes("database#none"))).ShouldContain("no key 'none'");
        (await RefusalAsync(Kubernetes("database"))).ShouldContain("2 keys");
        (await RefusalAsync(Kubernetes("database#bad"))).ShouldContain("base64");
        (await RefusalAsync(Kubernetes("--all-namespaces#url"))).ShouldContain("names no secret");
        _redactor.Redact($"x {Planted} y").ShouldBe("x *** y");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"data\":[\"planted-value\"]}")]
    [InlineData("{\"data\":{\"url\":{\"planted-value\":1}}}")]
    public async Task Hostile_answers_of_Kubernetes_are_mistakes(string json)
    {
        _processes.When(x => x.Tool == "kubectl", 0, json);
        await RefusalAsync(Kubernetes("database#url"));
        (await _sources.FindChangeAsync(Kubernetes("database#url"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_program_gets_the_key_inside_one_argument_and_what_it_says_is_shown_to_nobody()
    {
        _processes.When(x => x.Arguments.Contains("shop; rm -rf /"), 0, Planted);
        _processes.When(x => x.Arguments.Contains("wrong"), 1, Planted);
        (await ResolveAsync(Program("shop; rm -rf /"))).ShouldBe(Planted);
        _processes.Commands.Single().ShouldBe(ToolCommand.Of("pass", "show", "shop; rm -rf /") with { Timeout = TimeSpan.FromSeconds(30) });
        (await RefusalAsync(Program("wrong"))).ShouldContain("exit code 1");
        (await RefusalAsync(new SecretReference("nobody", "x"))).ShouldContain("no such provider");
        (await RefusalAsync(new SecretReference("env", "EMPTY"))).ShouldContain("EMPTY is not set");
    }

    [Fact]
    public async Task A_key_does_not_become_an_option_of_the_program()
    {
        _processes.When(x => x.Tool == "pass", 0, Planted);
        (await RefusalAsync(Program("--help"))).ShouldContain("begins with '-'");
        _processes.Commands.ShouldBeEmpty();
        (await ResolveAsync(Program("--help") with { Store = new SecretStore { Command = ["pass", "show", "--", "{key}"] } })).ShouldBe(Planted);
        (await ResolveAsync(Program("-x") with { Store = new SecretStore { Command = ["pass", "--name={key}"] } })).ShouldBe(Planted);
    }

    [Fact]
    public async Task A_value_is_asked_for_once_and_a_failure_again()
    {
        var answers = new Queue<int>([1, 0, 1]);
        _processes.When(x => x.Tool == "pass", _ => new ProcessResult(answers.Dequeue(), [new OutputLine(OutputKind.Out, Planted)], TimeSpan.Zero));
        await RefusalAsync(Program("a"));
        (await ResolveAsync(Program("a"))).ShouldBe(Planted);
        (await ResolveAsync(Program("a"))).ShouldBe(Planted);
        answers.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Vault_is_asked_with_token_and_namespace()
    {
        using var vault = new OneAnswer(200, $$$$"""{"data":{"data":{"password":"{{{{Planted}}}}","port":5432,"list":[]},"metadata":{"created_time":"2026-03-01T10:00:00.123456789Z"}}}""");
        (await ResolveAsync(vault.Of("shop/data base#password"))).ShouldBe(Planted);
        vault.Requests[0].ShouldStartWith("GET /v1/secret/data/shop/data%20base HTTP/1.1");
        vault.Requests[0].ShouldContain("X-Vault-Token: planted-token");
        vault.Requests[0].ShouldContain("X-Vault-Namespace: team");
        (await ResolveAsync(vault.Of("shop#port"))).ShouldBe("5432");
        (await _sources.FindChangeAsync(vault.Of("shop#port"), CancellationToken.None))!.Value.Day.ShouldBe(1);
        (await RefusalAsync(vault.Of("shop#none"))).ShouldContain("no field 'none'");
        (await RefusalAsync(vault.Of("shop"))).ShouldContain("3 fields");
        (await RefusalAsync(vault.Of("shop#list"))).ShouldContain("no text");
        (await RefusalAsync(vault.Of("../sys/raw#x"))).ShouldContain("names no path");
    }

    [Fact]
    public async Task The_first_version_of_the_engine_has_another_path()
    {
        using var vault = new OneAnswer(200, $$$"""{"data":{"password":"{{{Planted}}}"}}""");
        var reference = vault.Of("shop") with { Store = vault.Of("shop").Store! with { Version = 1, Mount = "kv" } };
        (await ResolveAsync(reference)).ShouldBe(Planted);
        vault.Requests[0].ShouldStartWith("GET /v1/kv/shop HTTP/1.1");
        (await _sources.FindChangeAsync(reference, CancellationToken.None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(403, "{}", "does not let this token")]
    [InlineData(404, "{}", "has no secret")]
    [InlineData(503, "{}", "sealed")]
    [InlineData(307, "{}", "sends elsewhere")]
    [InlineData(500, "planted-value", "answered 500")]
    [InlineData(200, "planted-value", "no JSON")]
    [InlineData(200, "[]", "no data")]
    [InlineData(200, "{\"data\":{\"data\":null}}", "deleted")]
    public async Task What_Vault_refuses_has_its_message(int status, string body, string expected)
    {
        using var vault = new OneAnswer(status, body);
        (await RefusalAsync(vault.Of("shop#password"))).ShouldContain(expected);
        vault.Requests.Count.ShouldBe(1, "Nothing is followed.");
    }

    [Theory]
    [InlineData("http://vault.example.com", false)]
    [InlineData("https://vault.example.com:8200", true)]
    [InlineData("http://127.0.0.1:8200", true)]
    [InlineData("https://user:pass@vault.example.com", false)]
    [InlineData("ftp://127.0.0.1", false)]
    [InlineData("vault", false)]
    public void A_token_is_sent_by_https_or_to_this_machine(string address, bool expected) => VaultSecretSource.IsAddress(address).ShouldBe(expected);

    [Fact]
    public async Task All_that_is_missing_is_said_at_once_and_what_is_old_is_named()
    {
        var file = Path.GetTempFileName();
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        try
        {
            await File.WriteAllTextAsync(file, Planted + "\n");
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            var read = EnvironmentsFile.Parse(
                $$"""
                environments:
                  staging:
                    url: http://127.0.0.1:5080
                    secrets: { rotation: 30d, A: env:MISSING, B: "file:{{file}}", C: pass:shop, D: env:TOKEN, providers: { pass: { command: [pass, "{key}"] } } }
                    database: { connection: env:DATABASE_URL }
                """,
                "environments.yml",
                "shop");
            read.Problems.ShouldBeEmpty();
            _processes.When(x => x.Tool == "pass", 1);
            var problems = await SecretCheck.ProblemsAsync(read.Environment("staging"), _sources, CancellationToken.None);
            problems.Select(x => x.Message).ShouldBe(
                ["The secret 'env:MISSING' is not there: the variable MISSING is not set.", "The secret 'pass:shop' is not there: 'pass' ended with exit code 1.", "The secret 'env:DATABASE_URL' is not there: the variable DATABASE_URL is not set."]);
            problems.ShouldAllBe(x => x.Where != null);
            (await SecretAges.StaleAsync(read.Environment("staging"), _sources, new DateTimeOffset(2026, 2, 15, 0, 0, 0, TimeSpan.Zero), CancellationToken.None))
                .ShouldBe([$"The secret 'file:{file}' is 45 days old; it should be replaced after 30."]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("env:DATABASE_URL", true)]
    [InlineData("vault:shop/data#password", true)]
    [InlineData("kubernetes:shop/database#url", true)]
    [InlineData("pass:shop/database", true)]
    [InlineData("postgresql://user:pw@host/db", false)]
    [InlineData("other:shop", false)]
    [InlineData("file:relative", false)]
    [InlineData("env:no-variable", false)]
    [InlineData("hunter2", false)]
    public void A_reference_names_a_provider_that_there_is(string text, bool expected) =>
        (SecretsReader.OfText(text, new SecretSettings { Stores = new SecretSettings().Stores.Add("pass", new SecretStore { Command = ["pass", "{key}"] }) }) is not null).ShouldBe(expected);

    [Fact]
    public void Any_text_is_a_reference_or_not() => Prop.ForAll<NonNull<string>>(text => SecretsReader.OfText(text.Get, new SecretSettings())?.ToString().ShouldBe(text.Get)).QuickCheckThrowOnFailure();

    /// <summary>A server on this machine that has one answer.</summary>
    sealed class OneAnswer : IDisposable
    {
        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly byte[] _answer;

        public OneAnswer(int status, string body)
        {
            _answer = Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nLocation: /v1/elsewhere\r\nConnection: close\r\n\r\n{body}");
            _listener.Start();
            _ = ServeAsync();
        }

        public List<string> Requests { get; } = [];

        public SecretReference Of(string key) => new(SecretReference.FromVault, key)
        {
            Store = new SecretStore { Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", Token = "env:TOKEN", Namespace = "team" },
        };

        public void Dispose() => _listener.Dispose();

        async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var stream = client.GetStream();
                    var request = new StringBuilder();
                    var buffer = new byte[4096];
                    while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is var count and > 0)
                        request.Append(Encoding.ASCII.GetString(buffer, 0, count));
                    Requests.Add(request.ToString());
                    await stream.WriteAsync(_answer);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }
}
