using System.Globalization;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>An entry of a transparency log (Rekor, version 1) as a bundle carries it.</summary>
public sealed record LogEntry
{
    /// <summary>Which log: the SHA-256 of its key, in base64.</summary>
    public required string LogId { get; init; }

    /// <summary>The number of the entry in the whole log.</summary>
    public required long LogIndex { get; init; }

    /// <summary>When the log took it.</summary>
    public required DateTimeOffset IntegratedTime { get; init; }

    /// <summary>What the log has, in canonical JSON.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The log's promise, signed; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Promise { get; init; }

    internal static LogEntry Read(JsonElement element) => new()
    {
        LogId = element.GetProperty("logId").GetProperty("keyId").GetString() ?? throw new JsonException("The entry of a log does not say which log it is."),
        LogIndex = Number(element.GetProperty("logIndex")),
        IntegratedTime = element.TryGetProperty("integratedTime", out var time) ? DateTimeOffset.FromUnixTimeSeconds(Number(time)) : DateTimeOffset.UnixEpoch,
        Body = element.GetProperty("canonicalizedBody").GetBytesFromBase64(),
        Promise = element.TryGetProperty("inclusionPromise", out var promise) ? promise.GetProperty("signedEntryTimestamp").GetBytesFromBase64() : null,
    };

    // Protobuf writes 64-bit numbers as text.
    static long Number(JsonElement value) => value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : value.GetInt64();
}
