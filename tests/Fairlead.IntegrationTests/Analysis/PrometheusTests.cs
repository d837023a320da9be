using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A real Prometheus, scraping a page of this test.</summary>
public sealed class PrometheusTests : IAsyncLifetime
{
    const string Page = """
        error_share{revision="storefront.7"} 0.25
        error_share{revision="storefront.8"} 0.5
        error_share{revision="a\"} or vector(42) #"} 7
        not_a_number{revision="storefront.7"} NaN

        """;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource _stop = new();
    readonly HttpListener _listener = new();
    readonly AbsolutePath _directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
    readonly PrometheusSource _source = new();
    Task _serving = Task.CompletedTask;
    Task _prometheus = Task.CompletedTask;
    Uri _server = new("http://127.0.0.1");

    public async ValueTask InitializeAsync()
    {
        var program = ToolPath.Find("prometheus", _directory, Environment.GetEnvironmentVariable("PATH"));
        if (program is null)
            Directory.Delete(_directory.ToString());
        Assert.SkipWhen(program is null, "prometheus is not installed (Debian's package of that name has it).");
        var (page, web) = (FreePort(), FreePort());
        _listener.Prefixes.Add($"http://127.0.0.1:{page}/");
        _listener.Start();
        _serving = ServeAsync();
        (_directory / "prometheus.yml").WriteAllText($"""
            global: {"{scrape_interval: 200ms}"}
            scrape_configs:
              - job_name: page
                static_configs: [{"{"}targets: ['127.0.0.1:{page}']{"}"}]
            """);
        _server = new Uri($"http://127.0.0.1:{web}");
        _prometheus = new ProcessRunner(new Redactor(), TimeProvider.System, _directory).RunAsync(
            ToolCommand.Of(program!.ToString(), $"--config.file={_directory / "prometheus.yml"}", $"--storage.tsdb.path={_directory / "data"}", $"--web.listen-address=127.0.0.1:{web}")
                with
            { Timeout = TimeSpan.FromMinutes(2) },
            onLine: null, _stop.Token);
    }

    [Fact]
    public async Task A_real_server_gives_each_outcome()
    {
        await FirstScrapeAsync();
        (await MeasureAsync("error_share{revision=\"{{revision}}\"}")).ShouldBe(new Measurement.Value(0.25));
        (await MeasureAsync("scalar(error_share{revision='{{revision}}'})")).ShouldBe(new Measurement.Value(0.25));
        (await MeasureAsync("error_share{revision=~`{{revision}}`}")).ShouldBe(new Measurement.Value(0.25));
        (await MeasureAsync("error_share{revision=\"{{revision}}\"}", "storefront.9")).ShouldBe(new Measurement.NoData("the query returned nothing"));
        (await MeasureAsync("error_share{revision=\"{{revision}}\"}", "a\"} or vector(42) #")).ShouldBe(new Measurement.Value(7));
        (await MeasureAsync("vector({{revision}})", "1) or vector(42")).ShouldBeOfType<Measurement.Unavailable>().Why.ShouldContain("parse error");
        (await MeasureAsync("not_a_number{revision=\"{{revision}}\"}")).ShouldBe(new Measurement.NotANumber("NaN"));
        (await MeasureAsync("1 / 0")).ShouldBe(new Measurement.NotANumber("+Inf"));
        (await MeasureAsync("error_share")).ShouldBeOfType<Measurement.Unavailable>().Why.ShouldStartWith("the query returned 3 series");
        (await MeasureAsync("error_share[1m]")).ShouldBeOfType<Measurement.Unavailable>().Why.ShouldStartWith("the query returned a matrix");
        (await MeasureAsync("sum(")).ShouldBeOfType<Measurement.Unavailable>().Why.ShouldContain("refuses the query: ");

        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(_prometheus);
        (await MeasureAsync("up")).ShouldBeOfType<Measurement.Unavailable>().Why.ShouldContain("cannot be asked");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _prometheus;
        }
        catch (Exception exception) when (exception is OperationCanceledException or UserErrorException)
        {
            // Stopped, or the test has said what is wrong.
        }

        _listener.Close();
        await _serving;
        _source.Dispose();
        _stop.Dispose();
        Directory.Delete(_directory.ToString(), recursive: true);
    }

    async Task FirstScrapeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await MeasureAsync("count(error_share)") is not Measurement.Value { Number: 3 })
        {
            if (_prometheus.IsCompleted)
                await _prometheus;
            await Task.Delay(100, limit.Token);
        }
    }

    Task<Measurement> MeasureAsync(string query, string revision = "storefront.7") => _source.MeasureAsync(
        new Metric.Prometheus("errors", _server, query), new MetricSubject("production", "storefront", revision, "1.0.0"), TestContext.Current.CancellationToken);

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                context.Response.ContentType = "text/plain; version=0.0.4";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Page.ReplaceLineEndings("\n")));
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed at the end of the test.
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
