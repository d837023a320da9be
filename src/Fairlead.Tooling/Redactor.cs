using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fairlead.Tooling;

/// <summary>
/// The one thing between secrets and every output. It knows the secret values of a run and replaces each of them with
/// <c>***</c>, in every encoding that this code base itself writes: as it is, JSON-escaped, URL-encoded,
/// XML-escaped, quoted for a shell, escaped for MSBuild and base64.
/// </summary>
/// <remarks>Safe for concurrent use. Secrets of fewer than four characters are not replaced: they would blank out ordinary text.</remarks>
public sealed class Redactor
{
    /// <summary>What stands where a secret was.</summary>
    public const string Mask = "***";

    const int ShortestSecret = 4;

    readonly Lock _gate = new();
    string[] _needles = [];

    /// <summary>Adds a secret value. Each line of a secret of several lines is a secret too (keys in PEM).</summary>
    public void Add(string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
            return;

        var values = secret.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Append(secret.Trim())
            .Where(x => x.Length >= ShortestSecret)
            .SelectMany(Encodings);
        lock (_gate)
        {
            // Longest first: a secret that contains another one must not leave its rest behind.
            _needles = [.. _needles.Concat(values).Distinct(StringComparer.Ordinal).OrderByDescending(x => x.Length)];
        }
    }

    /// <summary>The text without any known secret.</summary>
    public string Redact(string text)
    {
        foreach (var needle in Volatile.Read(ref _needles))
        {
            if (text.Contains(needle, StringComparison.Ordinal))
                text = text.Replace(needle, Mask, StringComparison.Ordinal);
        }

        return text;
    }

    static IEnumerable<string> Encodings(string secret)
    {
        yield return secret;
        yield return JsonEncodedText.Encode(secret).ToString();
        yield return JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        yield return Uri.EscapeDataString(secret);
        yield return System.Security.SecurityElement.Escape(secret);
        yield return ToolCommand.QuoteInside(secret);
        yield return DotNet.EscapeProperty(secret);
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));
        yield return base64;
        // Inside a longer base64 text (a "user:password" header, say) the secret starts at one of three offsets.
        for (var offset = 1; offset <= 2; offset++)
        {
            var shifted = Convert.ToBase64String([.. new byte[offset], .. Encoding.UTF8.GetBytes(secret)]);
            var core = shifted[(offset + 1)..].TrimEnd('=');
            if (core.Length > 8)
                yield return core[..^1];
        }
        if (base64.TrimEnd('=') is { Length: > 8 } open && open.Length != base64.Length)
            yield return open[..^1];
    }
}
