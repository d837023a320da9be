using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>Hashes what differs from the commit, so that two different dirty trees do not carry one version.</summary>
static class DirtyTree
{
    /// <summary>
    /// SHA-256 over path and content of each changed file as it is in the work tree (staged or not makes no difference), in
    /// hexadecimal; null when nothing changed. A submodule counts with its path alone.
    /// </summary>
    public static string? Hash(AbsolutePath root, ImmutableArray<string> changes)
    {
        if (changes.IsEmpty)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var change in changes)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(change + "\0"));
            hash.AppendData(Content(root / change));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static byte[] Content(AbsolutePath file)
    {
        if (new FileInfo(file) is { LinkTarget: { } target })
            return SHA256.HashData(Encoding.UTF8.GetBytes("link " + target));
        if (!file.FileExists())
            return [0];
        try
        {
            // What has no length has nothing to read, and to open a pipe would be to wait for whoever writes into it.
            if (new FileInfo(file).Length == 0)
                return SHA256.HashData([]);
            using var stream = File.OpenRead(file);
            return SHA256.HashData(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The changed file '{file}' cannot be read: {exception.Message}", "Commit it, remove it, or let it be read.", exception);
        }
    }
}
