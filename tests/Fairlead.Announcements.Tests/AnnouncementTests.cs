using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Releases;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Announcements.Tests;

public sealed class AnnouncementTests
{
    const string Url = "https://hooks.example.org/services/T000/B000/secretsecret";

    static readonly Announcement Shop = Announcement.Of(
        new ReleaseManifest
        {
            Application = "shop",
            Version = "1.2.3",
            Commit = "c",
            CommitTime = default,
            Artifacts = [],
            Verdicts = [],
            Notes = "### Features\n\n- \"quotes\" & <ünï>\n",
            Digest = "sha256:abc",
        },
        new AnnouncementLink("Download", new Uri("https://example.org/1.2.3")));

    readonly ManualTimeProvider _time = new();
    readonly Redactor _redactor = new();

    [Fact]
    public void Without_a_channel_the_preview_shows_what_there_is_to_tell()
    {
        var preview = new Announcer([]).Preview(Shop);
        preview.ShouldBe("""
            No channel is configured, so nothing is sent. This is what there is to tell:

            # shop 1.2.3

            ### Features

            - "quotes" & <ünï>

            - Download: https://example.org/1.2.3

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task What_is_sent_is_what_the_preview_shows()
    {
        using var server = new FakeServer(HttpStatusCode.NoContent);
        var channel = Channel(server);
        var outcome = (await new Announcer([channel]).SendAsync(Shop)).ShouldHaveSingleItem();
        outcome.ShouldBe(new AnnouncementOutcome("webhook at hooks.example.org", null));
        outcome.IsSent.ShouldBeTrue();
        var request = server.Requests.ShouldHaveSingleItem();
        request.ShouldStartWith($"POST {Url} sha256:abc application/json; charset=utf-8 ");
        var json = JsonNode.Parse(request[request.IndexOf('{', StringComparison.Ordinal)..])!;
        json["title"]!.GetValue<string>().ShouldBe("shop 1.2.3");
        json["notes"]!.GetValue<string>().ShouldBe(Shop.Notes);
        json["links"]![0]!["url"]!.GetValue<string>().ShouldBe("https://example.org/1.2.3");
        request.ShouldEndWith(channel.Preview(Shop));
        new Announcer([channel]).Preview(Shop).ShouldBe($"To webhook at hooks.example.org:\n\n{channel.Preview(Shop)}\n");
    }

    [Fact(Timeout = 30_000)]
    public async Task What_may_pass_is_tried_again_after_longer_and_longer_pauses()
    {
        using var server = new FakeServer(HttpStatusCode.BadGateway, HttpStatusCode.TooManyRequests, HttpStatusCode.OK);
        var sending = new Announcer([Channel(server)]).SendAsync(Shop);
        (await PauseAsync()).ShouldBe(TimeSpan.FromSeconds(1));
        (await PauseAsync()).ShouldBe(TimeSpan.FromSeconds(2));
        (await sending)[0].IsSent.ShouldBeTrue();
        server.Requests.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_channel_that_fails_is_reported_without_its_secret_and_stops_no_other()
    {
        using var broken = new FakeServer(HttpStatusCode.NotFound);
        using var working = new FakeServer(HttpStatusCode.OK);
        var outcomes = await new Announcer([Channel(broken), Channel(working)]).SendAsync(Shop);
        outcomes[0].Error.ShouldNotBeNull().ShouldStartWith("The webhook at hooks.example.org did not take the announcement: it answered 404.");
        outcomes[0].Error!.ShouldNotContain("secretsecret");
        outcomes[1].IsSent.ShouldBeTrue();
        broken.Requests.Count.ShouldBe(1, "a refusal stays a refusal");
    }

    [Fact]
    public async Task A_channel_that_throws_what_it_should_not_is_reported_too() =>
        (await new Announcer([new BrokenChannel()]).SendAsync(Shop))[0].ShouldBe(new AnnouncementOutcome("broken", "InvalidOperationException: oops"));

    sealed class BrokenChannel : IAnnouncementChannel
    {
        public string Name => "broken";

        public string Preview(Announcement announcement) => "";

        public Task SendAsync(Announcement announcement, CancellationToken cancellationToken) => throw new InvalidOperationException("oops");
    }

    [Fact(Timeout = 30_000)]
    public async Task After_three_times_without_an_answer_it_gives_up()
    {
        using var server = new FakeServer(null, null, null);
        var sending = new Announcer([Channel(server)]).SendAsync(Shop);
        foreach (var seconds in new[] { 10, 1, 10, 2, 10 })
            (await PauseAsync()).ShouldBe(TimeSpan.FromSeconds(seconds));
        (await sending)[0].Error.ShouldNotBeNull().ShouldContain("did not take the announcement 3 times: no answer within 10 s.");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_real_connection_that_is_refused_is_reported()
    {
        using var http = new HttpClient();
        var sending = new Announcer([new WebhookChannel(http, "http://127.0.0.1:1/x", _redactor, _time)]).SendAsync(Shop);
        while (!sending.IsCompleted)
        {
            // A pause, and not the limit of an attempt that is under way.
            if (_time.NextDue - _time.GetUtcNow() is { TotalSeconds: <= 2 } pause)
                _time.Advance(pause);
            await Task.Yield();
        }

        (await sending)[0].Error.ShouldNotBeNull().ShouldContain("3 times: no connection (ConnectionError).");
    }

    [Fact]
    public async Task Cancelling_is_no_failure_of_a_channel()
    {
        using var server = new FakeServer([null]);
        using var stop = new CancellationTokenSource();
        var sending = new Announcer([Channel(server)]).SendAsync(Shop, stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData("http://example.org/secretsecret")]
    [InlineData("ftp://example.org/secretsecret")]
    [InlineData("secretsecret")]
    [InlineData("")]
    public void An_address_that_would_give_the_secret_away_is_refused_without_showing_it(string url)
    {
        using var http = new HttpClient();
        Should.Throw<UserErrorException>(() => new WebhookChannel(http, url, _redactor, _time)).Display.ShouldNotContain("secretsecret");
    }

    [Fact]
    public void The_address_is_made_known_as_a_secret()
    {
        using var server = new FakeServer();
        Channel(server);
        _redactor.Redact($"posting to {Url}").ShouldBe("posting to ***");
        _redactor.Redact("POST /services/T000/B000/secretsecret").ShouldBe("POST ***");
    }

    WebhookChannel Channel(FakeServer server) => new(server.Client, Url, _redactor, _time);

    /// <summary>Waits until something waits on the clock, and moves it there.</summary>
    async Task<TimeSpan> PauseAsync()
    {
        while (_time.NextDue is null)
            await Task.Yield();
        var pause = _time.NextDue!.Value - _time.GetUtcNow();
        _time.Advance(pause);
        return pause;
    }

    /// <summary>Answers with one status after the other; null means never.</summary>
    sealed class FakeServer(params ImmutableArray<HttpStatusCode?> answers) : HttpMessageHandler
    {
        readonly Queue<HttpStatusCode?> _answers = new(answers);

        public HttpClient Client => new(this, disposeHandler: false);

        public List<string> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {request.RequestUri} {string.Join(' ', request.Headers.GetValues("Idempotency-Key"))} "
                + $"{request.Content!.Headers.ContentType} {await request.Content.ReadAsStringAsync(cancellationToken)}");
            if (_answers.Dequeue() is { } status)
                return new HttpResponseMessage(status);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Not reached.");
        }
    }
}
