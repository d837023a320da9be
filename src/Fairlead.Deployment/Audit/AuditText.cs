using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>
/// The log as bytes. A record is a line of the hexadecimal leaf hash, a space and what is stored: the record as JSON, or its name with the sealed rest; <c>-</c> when it was dropped.
/// A checkpoint is a line of <c>=</c>, a space and the signed note in base64. The hash is over what is stored, so that a sealed record is verified without its key.
/// </summary>
static class AuditText
{
    public const string Dropped = "-";
    public const char CheckpointMark = '=';

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Stored(AuditRecord record, AuditCipher? cipher) => cipher is null
        ? JsonSerializer.SerializeToUtf8Bytes(record, Json)
        : JsonSerializer.SerializeToUtf8Bytes(
            new Head(record.Schema, record.Id, record.Kind, record.At, cipher.Seal(JsonSerializer.SerializeToUtf8Bytes(record, Json), NameOf(record.Id, record.Kind, record.At))), Json);

    public static byte[] Line(ReadOnlySpan<byte> leafHash, ReadOnlySpan<byte> stored) => [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(leafHash)), (byte)' ', .. stored, (byte)'\n'];

    public static byte[] Line(AuditRecord record, AuditCipher? cipher) => Stored(record, cipher) is var stored ? Line(MerkleTree.LeafHash(stored), stored) : [];

    public static byte[] Line(SignedCheckpoint checkpoint) => Encoding.ASCII.GetBytes($"{CheckpointMark} {Convert.ToBase64String(Encoding.UTF8.GetBytes(checkpoint.ToString()))}\n");

    /// <summary>What a record says but for its sentence, which may be put otherwise one day: everything that is compared with the journal.</summary>
    public static byte[] Fields(AuditRecord record) => Stored(record with { What = "" }, null);

    /// <summary>Hash of <see cref="Fields"/>, in hexadecimal digits.</summary>
    public static string FieldsHash(AuditRecord record) => Convert.ToHexStringLower(MerkleTree.LeafHash(Fields(record)));

    /// <summary>What is readable of something stored; null when it is no record.</summary>
    public static AuditStored? Read(ReadOnlySpan<byte> stored)
    {
        try
        {
            var head = JsonSerializer.Deserialize<Head>(stored, Json);
            if (head is not { Id: not null, Kind: not null } || head.Id.IndexOf('/', StringComparison.Ordinal) <= 0)
                return null;
            return head.Sealed is not null
                ? new AuditStored(head.Schema, head.Id, head.Kind, head.At, null, head.Sealed)
                : JsonSerializer.Deserialize<AuditRecord>(stored, Json) is { What: not null, Details: not null } record ? new AuditStored(head.Schema, head.Id, head.Kind, head.At, record, null) : null;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The whole record; null when it is sealed and the key is not at hand or another one.</summary>
    public static AuditRecord? Open(AuditStored stored, AuditCipher? cipher)
    {
        if (stored.Record is not null || stored.Sealed is null)
            return stored.Record;
        try
        {
            return cipher?.Open(stored.Sealed, NameOf(stored.Id, stored.Kind, stored.At)) is { } text ? JsonSerializer.Deserialize<AuditRecord>(text, Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string NameOf(string id, string kind, DateTimeOffset at) => $"{id}\n{kind}\n{at:O}";

    sealed record Head(
        int Schema, string Id, string Kind, DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sealed = null);
}
