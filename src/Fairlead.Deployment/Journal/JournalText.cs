using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// The journal as bytes: one JSON object per line, <c>{"sum":"…","entry":{…}}</c>, where the sum is the first 16 hexadecimal digits of
/// the SHA-256 of the entry's bytes. Only the last line can have been torn by a crash while it was written; a bad line above it is
/// damage.
/// </summary>
static class JournalText
{
    const int SumLength = 16;
    static readonly byte[] Head = "{\"sum\":\""u8.ToArray();
    static readonly byte[] Middle = "\",\"entry\":"u8.ToArray();
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static byte[] Line(JournalEntry entry)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, Json);
        return [.. Head, .. Sum(json), .. Middle, .. json, (byte)'}', (byte)'\n'];
    }

    /// <summary>The whole entries, and how many bytes of the text they take: what follows is torn.</summary>
    /// <exception cref="UserErrorException">A line is damaged, or of a newer version.</exception>
    public static (ImmutableArray<JournalEntry> Entries, int Length) Read(ReadOnlySpan<byte> text, string file)
    {
        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        var position = 0;
        while (text[position..].IndexOf((byte)'\n') is var length && length >= 0)
        {
            var end = position + length + 1;
            if (Json(text.Slice(position, length)) is not { } json)
            {
                if (end == text.Length)
                    break;
                throw Damaged(file, entries.Count + 1, "its checksum does not match");
            }

            var entry = Entry(text.Slice(position, length)[json], file, entries.Count + 1);
            if (entry.Sequence != entries.Count + 1)
                throw Damaged(file, entries.Count + 1, $"it has number {entry.Sequence}");
            entries.Add(entry);
            position = end;
        }

        return (entries.ToImmutable(), position);

        // Where the entry is in a line whose sum is right; otherwise null.
        static Range? Json(ReadOnlySpan<byte> line)
        {
            var start = Head.Length + SumLength + Middle.Length;
            if (line.Length <= start || !line.StartsWith(Head) || !line[(Head.Length + SumLength)..].StartsWith(Middle) || line[^1] != '}')
                return null;
            return line.Slice(Head.Length, SumLength).SequenceEqual(Sum(line[start..^1])) ? start..(line.Length - 1) : null;
        }
    }

    static JournalEntry Entry(ReadOnlySpan<byte> json, string file, int line)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalEntry>(json, Json)!;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new UserErrorException($"Line {line} of the journal {file} is of a newer version of Fairlead.", "Use that version for this environment.", exception);
        }
    }

    static UserErrorException Damaged(string file, int line, string why) => new(
        $"The journal {file} is damaged in line {line}: {why}.",
        "Restore the file from a backup, or move it away: what runs goes on serving, and the next deployment takes over from what it finds running.");

    static byte[] Sum(ReadOnlySpan<byte> json) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))[..SumLength]);
}
