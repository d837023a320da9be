using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What the lock's ref says, as the message of its commit.</summary>
/// <param name="Token">The token of the holder, or of the last one. It never gets less.</param>
/// <param name="Holder">Who has it; null when it is free.</param>
/// <param name="LeaseSeconds">How long the holder may be silent, in seconds.</param>
/// <param name="Nonce">Makes the records of two who try at once differ.</param>
/// <param name="Beat">Counts the holder's signs of life.</param>
/// <param name="Place">Names the holder's state directory on its machine: who shares it can tell by the system's lock whether the holder is alive.</param>
sealed record LockRecord(long Token, LockHolder? Holder, double LeaseSeconds, string Nonce, long Beat, string Place)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static LockRecord Never { get; } = new(0, null, 0, "", 0, "");

    /// <summary>How long the holder may be silent.</summary>
    [JsonIgnore]
    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    public string Write() => JsonSerializer.Serialize(this, Json);

    public static LockRecord Read(string text, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<LockRecord>(text, Json) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException exception)
        {
            throw new UserErrorException(
                $"The lock '{name}' cannot be read: {exception.Message}",
                "It was written by a newer version of Fairlead, or by something else. Use that version; what runs goes on serving.",
                exception);
        }
    }
}
