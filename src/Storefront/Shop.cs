using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace Storefront;

/// <summary>The service's routes.</summary>
static class Shop
{
    static readonly string[] Items = ["anchor", "bollard", "cleat", "fairlead", "hawser", "thimble"];

    public static WebApplication Build(Settings settings, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(x => x.AddServerHeader = false);
        // What is in flight when SIGTERM comes may finish.
        builder.Services.Configure<HostOptions>(x => x.ShutdownTimeout = TimeSpan.FromSeconds(30));
        var app = builder.Build();

        var started = time.GetTimestamp();
        var metrics = new Metrics(time);
        app.Use(metrics.MeasureAsync);
        // Who asks through a proxy sees which revision has answered.
        app.Use((context, next) =>
        {
            context.Response.Headers["X-Storefront-Version"] = settings.Version;
            return next(context);
        });
        var leak = new ConcurrentBag<byte[]>();

        app.MapGet("/health", Probe);
        app.MapGet("/ready", Probe);
        app.MapGet("/version", () => Results.Json(new { version = settings.Version, commit = settings.Commit }));
        app.MapGet("/metrics", () => Results.Text(metrics.Render(), "text/plain; version=0.0.4; charset=utf-8"));

        var business = app.MapGroup("").AddEndpointFilter(DisturbAsync);
        business.MapGet("/", () => Results.Text(Page.Render(settings, Items), "text/html; charset=utf-8"));
        business.MapGet("/items", () => Results.Json(Items.Select((name, index) => new { id = index + 1, name })));
        business.MapPost("/echo", EchoAsync);
        business.MapGet("/stream", StreamAsync);
        return app;

        IResult Probe() => settings.Unhealthy || (settings.UnhealthyAfter is { } after && time.GetElapsedTime(started) >= after)
            ? Results.Text("unhealthy, as asked\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ok\n");

        async ValueTask<object?> DisturbAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            if (settings.Delay > TimeSpan.Zero)
                await Task.Delay(settings.Delay, time, context.HttpContext.RequestAborted);
            if (settings.LeakedBytes > 0)
                leak.Add(Leak(settings.LeakedBytes));
            return settings.ErrorRate > 0 && RandomNumberGenerator.GetInt32(1_000_000) < settings.ErrorRate * 1_000_000
                ? Results.Text("failing, as asked\n", statusCode: StatusCodes.Status500InternalServerError)
                : await next(context);
        }

        async Task StreamAsync(HttpContext context, int chunks = 10, int delay = 100)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            for (var i = 0; i < chunks; i++)
            {
                if (i > 0 && delay > 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(delay), time, context.RequestAborted);
                await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"chunk {i}\n"), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
    }

    /// <summary>Memory that is written to, or the system would not count it.</summary>
    static byte[] Leak(int bytes)
    {
        var memory = GC.AllocateUninitializedArray<byte>(bytes);
        memory.AsSpan().Fill(1);
        return memory;
    }

    static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType ?? "application/octet-stream";
        context.Response.ContentLength = context.Request.ContentLength;
        await context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter, context.RequestAborted);
    }
}
