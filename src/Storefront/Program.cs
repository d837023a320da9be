using Storefront;

var settings = Settings.Read(Environment.GetEnvironmentVariable);
if (settings.CrashOnStart)
{
    await Console.Error.WriteLineAsync("STOREFRONT_CRASH_ON_START is set: crashing as asked.");
    return 3;
}

await using var app = Shop.Build(settings, TimeProvider.System);
await app.RunAsync();
return 0;
