using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

public sealed class HttpServerTests
{
    [Theory]
    [InlineData("https://127.0.0.1:5080")]
    [InlineData("http://shop.example:5080")]
    [InlineData("http://192.0.2.1:5080")]
    public async Task An_address_that_cannot_be_served_is_named_with_what_to_do(string url)
    {
        var error = await Should.ThrowAsync<UserErrorException>(HttpServer.ListenAsync(new Uri(url), _ => Task.CompletedTask));
        error.Message.ShouldContain(new Uri(url).Host);
        error.Remedy.ShouldNotBeNull();
    }
}
