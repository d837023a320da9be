using System.Net;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class MetricSourceTests
{
    static readonly MetricSubject Subject = new("production", "storefront", "storefront.7", "1.4.0");
    static readonly Metric Query = new Metric.Prometheus("errors", new Uri("http://metrics.example:9090/prometheus/"), "errors{revision=\"{{revision}}\"}");
    static readonly Metric Script = new Metric.Command("age", ["./age.sh", "--of", "queue"]);

    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1435781451.781,"0.25"]}}""", "Value { Number = 0.25 }")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1435781451.781,"3"]}]}}""", "Value { Number = 3 }")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""", "NoData { Why = the query returned nothing }")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1435781451.781,"NaN"]}}""", "NotANumber { Text = NaN }")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1435781451.781,"+Inf"]}}""", "NotANumber { Text = +Inf }")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"3"]},{"value":[1,"4"]}]}}""", "Unavailable { Why = the query returned 2 series: make one of them, for instance with sum(…) }")]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", "Unavailable { Why = the query returned a matrix, not a number: make it one value at one time, for instance with avg_over_time(…) }")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"value":"3"}]}}""", "Unavailable { Why = the query returned a vector, not a number: make it one value at one time, for instance with avg_over_time(…) }")]
    [InlineData("""{"status":"success","data":[1,2]}""", "Unavailable { Why = http://metrics.example:9090 does not answer like Prometheus }")]
    [InlineData("<html>", "Unavailable { Why = http://metrics.example:9090 does not answer like Prometheus }")]
    public async Task Each_answer_of_Prometheus_has_its_outcome(string body, string expected)
    {
        using var handler = new StubHandler(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });
        using var source = new PrometheusSource(handler);
        var measurement = await source.MeasureAsync(Query, Subject, TestContext.Current.CancellationToken);
        measurement.ToString().ShouldBe(expected);
        handler.Asked.ShouldBe(["http://metrics.example:9090/prometheus/api/v1/query?query=errors%7Brevision%3D%22storefront.7%22%7D"]);
    }

    [Fact]
    public async Task A_refused_query_says_why()
    {
        using var handler = new StubHandler(_ => new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = new StringContent("""{"status":"error","errorType":"bad_data","error":"1:3: parse error: unexpected end of input"}"""),
        });
        using var source = new PrometheusSource(handler);
        (await source.MeasureAsync(Query, Subject, TestContext.Current.CancellationToken))
            .ShouldBe(new Measurement.Unavailable("http://metrics.example:9090 refuses the query: 1:3: parse error: unexpected end of input"));
    }

    [Fact]
    public async Task A_server_that_is_down_or_in_trouble_is_unavailable()
    {
        using var handler = new StubHandler(_ => throw new HttpRequestException("Connection refused (metrics.example:9090)"));
        using var source = new PrometheusSource(handler);
        (await source.MeasureAsync(Query, Subject, TestContext.Current.CancellationToken))
            .ShouldBe(new Measurement.Unavailable("http://metrics.example:9090 cannot be asked: Connection refused (metrics.example:9090)"));

        using var trouble = new StubHandler(_ => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("") });
        using var other = new PrometheusSource(trouble);
        (await other.MeasureAsync(Query, Subject, TestContext.Current.CancellationToken)).ShouldBe(new Measurement.Unavailable("http://metrics.example:9090 answers 502 BadGateway"));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_waited_for_as_long_as_allowed()
    {
        var time = new ManualTimeProvider();
        using var handler = new StubHandler(_ => null);
        using var source = new PrometheusSource(handler, time: time);
        var measuring = source.MeasureAsync(Query, Subject, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(10));
        (await measuring).ShouldBe(new Measurement.Unavailable("http://metrics.example:9090 did not answer within 10s"));
    }

    [Fact]
    public async Task A_cancelled_measurement_is_no_outcome()
    {
        using var handler = new StubHandler(_ => null);
        using var source = new PrometheusSource(handler);
        using var cancellation = new CancellationTokenSource();
        var measuring = source.MeasureAsync(Query, Subject, cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(measuring);
    }

    [Fact]
    public async Task A_password_in_the_address_is_neither_shown_nor_sent_in_it()
    {
        using var handler = new StubHandler(_ => throw new HttpRequestException("Connection refused."));
        using var source = new PrometheusSource(handler);
        var measurement = await source.MeasureAsync(new Metric.Prometheus("errors", new Uri("http://me:secret@metrics.example"), "up"), Subject, TestContext.Current.CancellationToken);
        measurement.ToString()!.ShouldNotContain("secret");
        handler.Asked[0].ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("storefront.7", "storefront.7")]
    [InlineData("1.4.0-rc.1+build", "1.4.0-rc.1+build")]
    [InlineData("a\"} or vector(0) #", "a\\u0022\\u007d\\u0020or\\u0020vector\\u00280\\u0029\\u0020\\u0023")]
    [InlineData("a'`\\\n", "a\\u0027\\u0060\\u005c\\u000a")]
    [InlineData("🚢", "\\U0001f6a2")]
    [InlineData("{{service}}", "\\u007b\\u007bservice\\u007d\\u007d")]
    public void No_name_ends_a_string_of_the_query(string version, string expected) =>
        PrometheusSource.Fill("x{v=\"{{version}}\",e=\"{{environment}}\",y=\"{{other}}\"}", Subject with { Version = version })
            .ShouldBe($"x{{v=\"{expected}\",e=\"production\",y=\"{{{{other}}}}\"}}");

    [Theory]
    [InlineData(0, "measuring\n 12.5 \n\n", "Value { Number = 12.5 }")]
    [InlineData(0, "-1e3", "Value { Number = -1000 }")]
    [InlineData(0, "12,5", "NotANumber { Text = 12,5 }")]
    [InlineData(0, "NaN", "NotANumber { Text = NaN }")]
    [InlineData(0, "all is well", "NotANumber { Text = all is well }")]
    [InlineData(0, "", "NoData { Why = './age.sh' printed nothing }")]
    [InlineData(3, "12\nno such queue", "Unavailable { Why = './age.sh' ended with exit code 3: no such queue }")]
    public async Task Each_end_of_a_command_has_its_outcome(int exitCode, string text, string expected)
    {
        var runner = new FakeProcessRunner().When(_ => true, exitCode, text.Split('\n'));
        (await new CommandSource(runner).MeasureAsync(Script, Subject, TestContext.Current.CancellationToken)).ToString().ShouldBe(expected);
        var command = runner.Commands.ShouldHaveSingleItem();
        command.Display.ShouldBe("./age.sh --of queue");
        command.Timeout.ShouldBe(TimeSpan.FromSeconds(30));
        command.Environment.Select(x => $"{x.Key}={x.Value}").ShouldBe(
            ["FAIRLEAD_ENVIRONMENT=production", "FAIRLEAD_REVISION=storefront.7", "FAIRLEAD_SERVICE=storefront", "FAIRLEAD_VERSION=1.4.0"]);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_or_is_not_there_is_unavailable()
    {
        var slow = new FakeProcessRunner().When(_ => true, x => throw new ProcessFailedException(x.Display, new ProcessResult(137, [], x.Timeout!.Value), x.Timeout));
        (await new CommandSource(slow).MeasureAsync(Script, Subject, TestContext.Current.CancellationToken)).ShouldBe(new Measurement.Unavailable("'./age.sh' took longer than 30s"));
        var missing = new FakeProcessRunner().When(_ => true, x => throw new ToolNotFoundException(x.Tool));
        (await new CommandSource(missing).MeasureAsync(Script, Subject, TestContext.Current.CancellationToken)).ShouldBe(new Measurement.Unavailable("The program './age.sh' was not found"));
    }

    [Fact]
    public async Task Each_metric_goes_to_its_source()
    {
        using var handler = new StubHandler(_ => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent("""{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}"""),
        });
        using var prometheus = new PrometheusSource(handler);
        var sources = new MetricSources(prometheus, new CommandSource(new FakeProcessRunner().When(_ => true, 0, "2")));
        (await sources.MeasureAsync(Query, Subject, TestContext.Current.CancellationToken)).ShouldBe(new Measurement.Value(1));
        (await sources.MeasureAsync(Script, Subject, TestContext.Current.CancellationToken)).ShouldBe(new Measurement.Value(2));
        Should.Throw<ArgumentException>(() => sources.MeasureAsync(new Metric.ErrorRate(), Subject, TestContext.Current.CancellationToken));
    }

    sealed class StubHandler(Func<HttpRequestMessage, HttpResponseMessage?> answer) : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.AbsoluteUri);
            if (answer(request) is { } response)
                return response;
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
