using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>
/// Keeps the values of secrets out of the state file: they stand there sealed, by a key that only lives in memory-backed files of this user and ends with the machine's uptime. After that a revision with
/// secrets is not started again by itself; the next deployment asks the secret stores.
/// </summary>
/// <param name="root">The state directory.</param>
/// <param name="runtimeDirectory">Where the key is kept; null: <c>XDG_RUNTIME_DIR</c>, or <c>/dev/shm</c>, or, where there is neither, the state directory.</param>
sealed class SecretSeal(AbsolutePath root, AbsolutePath? runtimeDirectory = null)
{
    const int KeySize = 32;

    byte[]? _key;

    /// <summary>The values as one text that tells nothing.</summary>
    public string Seal(string revision, IReadOnlyDictionary<string, string> secrets)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(secrets);
        var sealedBytes = new byte[AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize + plain.Length];
        var nonce = sealedBytes.AsSpan(0, AesGcm.NonceByteSizes.MaxSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key ??= FindKey() ?? MakeKey(), AesGcm.TagByteSizes.MaxSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(nonce.Length + AesGcm.TagByteSizes.MaxSize), sealedBytes.AsSpan(nonce.Length, AesGcm.TagByteSizes.MaxSize), Encoding.UTF8.GetBytes(revision));
        return Convert.ToBase64String(sealedBytes);
    }

    /// <summary>The values, or null where the key has gone.</summary>
    public IReadOnlyDictionary<string, string>? Open(string revision, string text)
    {
        if ((_key ??= FindKey()) is not { } key)
            return null;
        try
        {
            var bytes = Convert.FromBase64String(text);
            var nonce = AesGcm.NonceByteSizes.MaxSize;
            var tag = AesGcm.TagByteSizes.MaxSize;
            if (bytes.Length < nonce + tag)
                return null;
            var plain = new byte[bytes.Length - nonce - tag];
            using var aes = new AesGcm(key, tag);
            aes.Decrypt(bytes.AsSpan(0, nonce), bytes.AsSpan(nonce + tag), bytes.AsSpan(nonce, tag), plain, Encoding.UTF8.GetBytes(revision));
            return JsonSerializer.Deserialize<Dictionary<string, string>>(plain);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    AbsolutePath KeyFile
    {
        get
        {
            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root.ToString())))[..16];
            if (runtimeDirectory is not null)
                return runtimeDirectory / $"{name}.key";
            if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own && Path.IsPathFullyQualified(own) && PrivateDirectory.IsPrivate(AbsolutePath.Create(own)))
                return AbsolutePath.Create(own) / "fairlead" / $"{name}.key";
            return Directory.Exists("/dev/shm") ? AbsolutePath.Create($"/dev/shm/fairlead-{Environment.UserName}") / $"{name}.key" : root / "agent.key";
        }
    }

    byte[]? FindKey()
    {
        var file = KeyFile;
        if (file.Parent != root && file.Parent.DirectoryExists() && !OperatingSystem.IsWindows() && !PrivateDirectory.IsPrivate(file.Parent))
            return null;
        return file.FileExists() && File.ReadAllBytes(file) is { Length: KeySize } key ? key : null;
    }

    byte[] MakeKey()
    {
        var file = KeyFile;
        if (file.Parent != root)
            PrivateDirectory.Make(file.Parent);
        var key = RandomNumberGenerator.GetBytes(KeySize);
        AtomicFile.Write(file, key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key;
    }
}
