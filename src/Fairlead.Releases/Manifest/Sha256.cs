using System.Security.Cryptography;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Digests as the manifest writes them: <c>sha256:</c> and lower-case hexadecimal.</summary>
static class Sha256
{
    public const string Prefix = "sha256:";

    public static string Of(ReadOnlySpan<byte> content) => Prefix + Convert.ToHexStringLower(SHA256.HashData(content));

    public static (string Digest, long Size) OfFile(AbsolutePath file)
    {
        using var stream = File.OpenRead(file);
        return (Prefix + Convert.ToHexStringLower(SHA256.HashData(stream)), stream.Length);
    }
}
