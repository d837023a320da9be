using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>Amounts of processor time and memory, as Kubernetes writes them.</summary>
static class Quantities
{
    static readonly (string Unit, double Factor)[] MemoryUnits =
    [
        ("Ki", 1024), ("Mi", 1024 * 1024), ("Gi", 1024.0 * 1024 * 1024), ("Ti", 1024.0 * 1024 * 1024 * 1024),
        ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("k", 1e3), ("K", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("", 1),
    ];

    /// <summary>Cores: <c>500m</c> is 0.5. Null for anything else than a number above 0.</summary>
    public static double? Cores(string text) => text.EndsWith('m') ? Number(text[..^1], 0.001) : Number(text, 1);

    /// <summary>Bytes: <c>1Gi</c>, <c>512MB</c>. Null for anything else than a number above 0.</summary>
    public static long? Bytes(string text)
    {
        var (unit, factor) = MemoryUnits.First(x => text.EndsWith(x.Unit, StringComparison.Ordinal));
        return Number(text[..^unit.Length], factor) is { } bytes and >= 1 and < 1e18 ? (long)bytes : null;
    }

    /// <summary>The memory in the largest unit in which it is a whole number.</summary>
    public static string Format(long bytes)
    {
        foreach (var (unit, factor) in MemoryUnits.Take(4).Reverse())
        {
            if (bytes % factor == 0)
                return $"{(long)(bytes / factor)}{unit}";
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    static double? Number(string text, double factor) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number < 1e15 ? number * factor : null;
}
