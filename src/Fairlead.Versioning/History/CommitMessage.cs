using System.Text;

namespace Fairlead.Versioning;

/// <summary>The message inside a commit object: what follows the first empty line, in the encoding that the header <c>encoding</c> names.</summary>
static class CommitMessage
{
    public static string Read(ReadOnlySpan<byte> commit)
    {
        var start = commit.IndexOf("\n\n"u8);
        if (start < 0)
            return "";
        var message = commit[(start + 2)..];
        // As git shows it: a message ends where a C string ends.
        if (message.IndexOf((byte)0) is var nul and >= 0)
            message = message[..nul];
        return Text(message, EncodingOf(commit[..start]));
    }

    /// <summary>A message as it is compared: lines ended with line feeds, none at the end.</summary>
    public static string Text(ReadOnlySpan<byte> message, Encoding encoding) =>
        encoding.GetString(message).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');

    static Encoding EncodingOf(ReadOnlySpan<byte> headers)
    {
        var at = headers.IndexOf("\nencoding "u8);
        if (at < 0)
            return Encoding.UTF8;
        var name = headers[(at + 10)..];
        if (name.IndexOf((byte)'\n') is var end and >= 0)
            name = name[..end];
        try
        {
            var encoding = Encoding.ASCII.GetString(name);
            return CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // Every byte is a letter there, so nothing is lost.
            return Encoding.Latin1;
        }
    }
}
