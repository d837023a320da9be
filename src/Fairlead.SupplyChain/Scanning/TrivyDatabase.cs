using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>Trivy's vulnerability database, as its own description says.</summary>
/// <param name="UpdatedAt">When its makers put it together; null when there is none, or its description cannot be read.</param>
sealed record TrivyDatabase(DateTimeOffset? UpdatedAt)
{
    /// <summary>
    /// Where Trivy keeps it: <c>TRIVY_CACHE_DIR</c>, or <c>trivy</c> in the cache directory of the user as Go's <c>os.UserCacheDir</c> has it; otherwise where the caller says.
    /// </summary>
    public static AbsolutePath CacheDirectory(IReadOnlyDictionary<string, string> environment, AbsolutePath otherwise)
    {
        string? Variable(string name) => environment.TryGetValue(name, out var value) && Path.IsPathFullyQualified(value) ? value : null;
        if (Variable("TRIVY_CACHE_DIR") is { } own)
            return AbsolutePath.Create(own);
        var home = Variable("HOME");
        var cache = OperatingSystem.IsWindows() ? Variable("LOCALAPPDATA")
            : OperatingSystem.IsMacOS() ? home is null ? null : Path.Combine(home, "Library", "Caches")
            : Variable("XDG_CACHE_HOME") ?? (home is null ? null : Path.Combine(home, ".cache"));
        return cache is null ? otherwise : AbsolutePath.Create(cache) / "trivy";
    }

    /// <summary>Reads its description.</summary>
    public static TrivyDatabase Read(AbsolutePath cache)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(cache / "db" / "metadata.json"));
            return new TrivyDatabase(document.RootElement.GetProperty(nameof(UpdatedAt)).GetDateTimeOffset());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return new TrivyDatabase((DateTimeOffset?)null);
        }
    }

    /// <summary>Whether it is as young as the policy wants. Clocks differ, but not by more than a day: one from the future is not young.</summary>
    public bool IsYoung(TimeSpan maxAge, DateTimeOffset now) => UpdatedAt is { } updated && now - updated <= maxAge && now - updated >= TimeSpan.FromDays(-1);
}
