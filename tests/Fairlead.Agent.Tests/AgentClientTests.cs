using Fairlead.Testing;
using Fairlead.Tooling;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Agent.Tests;

public sealed class AgentClientTests : IDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fl-").FullName);
    readonly ManualTimeProvider _time = new();

    public void Dispose() => _root.DeleteDirectory();

    Task<HttpServer> ServeAsync(RequestDelegate handle) => HttpServer.ListenAsync(_root / "s", handle);

    [Fact]
    public async Task An_agent_that_hangs_is_waited_for_thirty_seconds_beyond_what_is_waited_for_on_purpose()
    {
        var state = new AgentStateResponse([new RevisionState("shop", 1, "a", "b", "1", "Healthy", 1, 1, 0, null, TimeSpan.FromMinutes(5))], new Dictionary<string, IReadOnlyDictionary<string, int>>(), new Dictionary<string, AffinityMessage>());
        var hang = new TaskCompletionSource();
        await using var server = await ServeAsync(context =>
            context.Request.Path == $"/v{AgentProtocol.Version}/state" ? context.Response.WriteAsJsonAsync(state, AgentProtocol.Json) : hang.Task);
        using var client = new AgentClient(_root / "s", _time);

        foreach (var (call, seconds) in new (Func<Task>, int)[]
        {
            (() => client.SetWeightsAsync("shop", new WeightsRequest(1, new Dictionary<string, int>()), CancellationToken.None), 30),
            (() => client.RetireAsync("shop.1", new RetireRequest(1), CancellationToken.None), 330),
        })
        {
            var begun = _time.GetUtcNow();
            var waiting = call();
            await Waiting.UntilAsync(() => _time.NextDue == begun + TimeSpan.FromSeconds(seconds));
            waiting.IsCompleted.ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(seconds));
            (await Should.ThrowAsync<UserErrorException>(waiting)).Remedy.ShouldNotBeNull().ShouldContain("run the command again");
        }

        hang.SetResult();
    }

    [Theory]
    [InlineData("{", 1)]
    [InlineData("{", 100)]
    [InlineData("", 100)]
    public async Task An_answer_that_breaks_off_is_an_error_with_a_remedy(string text, int length)
    {
        await using var server = await ServeAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = length;
            await context.Response.WriteAsync(text);
            await context.Response.Body.FlushAsync();
            if (text.Length < length)
                context.Abort();
        });
        using var client = new AgentClient(_root / "s", _time);
        (await Should.ThrowAsync<UserErrorException>(client.GetStateAsync(CancellationToken.None))).Remedy.ShouldNotBeNull();
        (await Should.ThrowAsync<UserErrorException>(client.PrepareAsync(new PrepareRequest(1, []), CancellationToken.None))).Remedy.ShouldNotBeNull();
    }
}
