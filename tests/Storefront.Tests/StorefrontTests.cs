using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Storefront.Tests;

public sealed class StorefrontTests : IAsyncDisposable
{
    readonly HttpClient _http = new();
    WebApplication? _app;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }

    async Task StartAsync(params (string Name, string Value)[] variables)
    {
        _app = Shop.Build(Settings.Read(name => variables.FirstOrDefault(x => x.Name == name).Value), TimeProvider.System);
        _app.Urls.Add("http://127.0.0.1:0");
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    [Fact]
    public async Task It_tells_its_version_and_commit_on_the_page_and_as_json()
    {
        await StartAsync(("FAIRLEAD_VERSION", "1.2.3-<b>"), ("FAIRLEAD_COMMIT", "0123abcd"));
        var version = await _http.GetFromJsonAsync<JsonElement>("/version");
        version.GetProperty("version").GetString().ShouldBe("1.2.3-<b>");
        version.GetProperty("commit").GetString().ShouldBe("0123abcd");
        var page = await _http.GetStringAsync(new Uri("/", UriKind.Relative));
        page.ShouldContain("1.2.3-&lt;b&gt;");
        page.ShouldContain("0123abcd");
    }

    [Fact]
    public async Task Without_variables_it_tells_what_was_built_in()
    {
        await StartAsync();
        (await _http.GetFromJsonAsync<JsonElement>("/version")).GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Probes_are_well_unless_told_otherwise()
    {
        await StartAsync();
        (await StatusAsync("/health")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync("/ready")).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("STOREFRONT_UNHEALTHY", "true")]
    [InlineData("STOREFRONT_UNHEALTHY_AFTER", "0")]
    public async Task It_can_be_made_unhealthy_while_it_serves(string name, string value)
    {
        await StartAsync((name, value));
        (await StatusAsync("/health")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync("/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync("/items")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Errors_hit_business_requests_and_not_probes()
    {
        await StartAsync(("STOREFRONT_ERROR_RATE", "1"));
        foreach (var path in new[] { "/", "/items", "/stream" })
            (await StatusAsync(path)).ShouldBe(HttpStatusCode.InternalServerError);
        foreach (var path in new[] { "/health", "/ready", "/version", "/metrics" })
            (await StatusAsync(path)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_echoes_bodies_and_streams_chunks()
    {
        await StartAsync();
        using var response = await _http.PostAsync(new Uri("/echo", UriKind.Relative), new StringContent("ahoy"));
        (await response.Content.ReadAsStringAsync()).ShouldBe("ahoy");
        (await _http.GetStringAsync(new Uri("/stream?chunks=2&delay=0", UriKind.Relative))).ShouldBe("chunk 0\nchunk 1\n");
    }

    [Fact]
    public async Task Metrics_count_requests_by_status()
    {
        await StartAsync();
        await StatusAsync("/items");
        await StatusAsync("/nowhere");
        var text = await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        text.ShouldContain("# TYPE http_requests_total counter\nhttp_requests_total{code=\"200\"} 1\nhttp_requests_total{code=\"404\"} 1\n");
        text.ShouldContain("http_request_duration_seconds_count 2\n");
        text.ShouldContain("http_requests_in_flight 1\n");
    }

    [Fact]
    public async Task What_is_in_flight_when_it_is_asked_to_stop_is_finished()
    {
        await StartAsync(("STOREFRONT_DELAY_MS", "300"));
        var answer = _http.GetStringAsync(new Uri("/items", UriKind.Relative));
        while (!(await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains("http_requests_in_flight 2", StringComparison.Ordinal))
            await Task.Yield();
        await _app!.StopAsync();
        (await answer).ShouldContain("fairlead");
    }

    [Fact]
    public void A_switch_that_is_no_number_is_named() =>
        Should.Throw<InvalidOperationException>(() => Settings.Read(x => x == "STOREFRONT_DELAY_MS" ? "soon" : null)).Message.ShouldContain("STOREFRONT_DELAY_MS");
}
