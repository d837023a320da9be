using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class CheckRunnerTests : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Queue<string> _answers = new();

    public CheckRunnerTests()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    Uri Root => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public void Dispose() => _listener.Dispose();

    async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096]);
                if (_answers.TryDequeue(out var answer))
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (IOException)
            {
            }
        }
    }

    CheckSubject Subject() => new(
        "staging",
        new DeploymentTarget(World.Release("1.0.0"),
        [
            new ServiceTarget
            {
                Name = "shop", Ordinal = 1, ArtifactDigest = "sha256:1", ConfigurationDigest = "sha256:2", Url = Root, Command = ["shop"], Replicas = 1,
                Variables = ImmutableSortedDictionary<string, string>.Empty, StartupTimeout = TimeSpan.Zero, DrainTimeout = TimeSpan.Zero, StopGrace = TimeSpan.Zero,
            },
        ]),
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("PASSWORD", "hunter2-secret"));

    static string Answer(int status, string body) => $"HTTP/1.1 {status} X\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    async Task<CheckOutcome> Ask(CheckSpec check, params string[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
        using var runner = new CheckRunner(new FakeProcessRunner(), AbsolutePath.CurrentDirectory, TimeProvider.System, new Redactor());
        return await runner.RunAsync(check, Subject(), TestContext.Current.CancellationToken);
    }

    static CheckSpec Http(string address) => new() { Name = "smoke", Http = address, RetryInterval = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task An_address_passes_when_it_answers_as_expected()
    {
        (await Ask(Http("/ready") with { Contains = "ok", Within = TimeSpan.FromSeconds(20) }, Answer(200, "all ok"))).HasPassed.ShouldBeTrue();
        (await Ask(Http("/login") with { Status = 401 }, Answer(401, ""))).HasPassed.ShouldBeTrue();
        (await Ask(Http($"{Root}ready"), Answer(200, ""))).HasPassed.ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_that_is_not_expected_is_a_failure_that_says_what_came()
    {
        (await Ask(Http("/ready"), Answer(503, "no"))).Detail.ShouldContain("answered 503");
        (await Ask(Http("/ready") with { Contains = "ok" }, Answer(200, "no"))).Detail.ShouldContain("without 'ok'");
        (await Ask(Http("/ready"), Answer(302, ""))).HasPassed.ShouldBeFalse();
        (await Ask(Http("/ready"), "nonsense\r\n\r\n")).HasPassed.ShouldBeFalse();
        (await Ask(Http("/ready"), "")).HasPassed.ShouldBeFalse();
        (await Ask(Http("/ready") with { Within = TimeSpan.FromTicks(1) }, Answer(200, ""))).Detail.ShouldContain("it may take");
        (await Ask(Http("http://127.0.0.1:1/"))).HasPassed.ShouldBeFalse();
    }

    [Fact]
    public async Task It_is_tried_as_often_as_it_may_be()
    {
        var outcome = await Ask(Http("/ready") with { Retries = 2 }, Answer(503, ""), Answer(503, ""), Answer(200, ""));
        outcome.HasPassed.ShouldBeTrue();
        outcome.Attempts.ShouldBe(3);
        (await Ask(Http("/ready") with { Retries = 1 }, Answer(503, ""), Answer(503, ""))).Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task A_command_gets_the_environments_variables_and_fails_by_its_exit_code()
    {
        var redactor = new Redactor();
        redactor.Add("hunter2-secret");
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-checks-").FullName);
        using var runner = new CheckRunner(new ProcessRunner(redactor, TimeProvider.System, directory), directory, TimeProvider.System, redactor);
        var check = new CheckSpec { Name = "smoke", Command = ["sh", "-c", "echo $FAIRLEAD_ENVIRONMENT $FAIRLEAD_VERSION $FAIRLEAD_URL $PASSWORD; exit 3"] };
        var outcome = await runner.RunAsync(check, Subject(), TestContext.Current.CancellationToken);
        outcome.HasPassed.ShouldBeFalse();
        outcome.Detail.ShouldBe($"'sh' ended with exit code 3: staging 1.0.0 {Root.ToString().TrimEnd('/')} {Redactor.Mask}");
        (await runner.RunAsync(check with { Command = ["true"] }, Subject(), TestContext.Current.CancellationToken)).HasPassed.ShouldBeTrue();
        (await runner.RunAsync(check with { Command = ["not-a-program"] }, Subject(), TestContext.Current.CancellationToken)).Detail.ShouldContain("not-a-program");
        directory.DeleteDirectory();
    }
}
