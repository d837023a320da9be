using System.Globalization;

namespace Storefront;

/// <summary>The switches that make the service slow, failing or unhealthy, so that rollouts have something to catch.</summary>
sealed record Settings
{
    /// <summary>FAIRLEAD_VERSION, or the version that was built in.</summary>
    public required string Version { get; init; }

    /// <summary>FAIRLEAD_COMMIT, or the commit that was built in; empty when neither is known.</summary>
    public required string Commit { get; init; }

    /// <summary>STOREFRONT_DELAY_MS: how long each business request is held up.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>STOREFRONT_ERROR_RATE: the share of business requests that get 500, from 0 to 1.</summary>
    public double ErrorRate { get; init; }

    /// <summary>STOREFRONT_LEAK_KB: so much memory is kept for ever with each business request.</summary>
    public int LeakedBytes { get; init; }

    /// <summary>STOREFRONT_UNHEALTHY: probes fail from the start.</summary>
    public bool Unhealthy { get; init; }

    /// <summary>STOREFRONT_UNHEALTHY_AFTER, in seconds: probes fail once it has run that long.</summary>
    public TimeSpan? UnhealthyAfter { get; init; }

    /// <summary>STOREFRONT_CRASH_ON_START: ends at once with exit code 3.</summary>
    public bool CrashOnStart { get; init; }

    public static Settings Read(Func<string, string?> variable)
    {
        // "1.2.3+<sha>", as the SDK writes it.
        var built = (typeof(Settings).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyInformationalVersionAttribute), inherit: false)
            .OfType<System.Reflection.AssemblyInformationalVersionAttribute>().FirstOrDefault()?.InformationalVersion ?? "0.0.0").Split('+', 2);
        return new Settings
        {
            Version = Text("FAIRLEAD_VERSION") ?? built[0],
            Commit = Text("FAIRLEAD_COMMIT") ?? built.ElementAtOrDefault(1) ?? "",
            Delay = TimeSpan.FromMilliseconds(Number("STOREFRONT_DELAY_MS") ?? 0),
            ErrorRate = Number("STOREFRONT_ERROR_RATE") ?? 0,
            LeakedBytes = (int)Math.Min((Number("STOREFRONT_LEAK_KB") ?? 0) * 1024, int.MaxValue),
            Unhealthy = Flag("STOREFRONT_UNHEALTHY"),
            UnhealthyAfter = Number("STOREFRONT_UNHEALTHY_AFTER") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            CrashOnStart = Flag("STOREFRONT_CRASH_ON_START"),
        };

        string? Text(string name) => variable(name) is { Length: > 0 } value ? value : null;

        double? Number(string name) => Text(name) is not { } value ? null
            : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
            : throw new InvalidOperationException($"{name} is '{value}', but must be a number that is not negative.");

        bool Flag(string name) => Text(name) is "1" or "true" or "True" or "TRUE";
    }
}
