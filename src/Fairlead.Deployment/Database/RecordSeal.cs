using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fairlead.Deployment;

/// <summary>
/// Seals what is kept about a copy under its passphrase: HMAC-SHA256 (RFC 2104) with a key that PBKDF2 (RFC 8018) and HKDF (RFC 5869) make of passphrase and salt.
/// The drill, which is done later and by those who need not have the passphrase, is not under it.
/// </summary>
static class RecordSeal
{
    const int SaltSize = 16;
    const int Iterations = 600_000;

    /// <summary>The seal of a record: salt and code, in hexadecimal digits.</summary>
    public static string Of(BackupRecord record, string passphrase) => Of(record, passphrase, RandomNumberGenerator.GetBytes(SaltSize));

    /// <summary>Whether a record has a seal, and it was made with this passphrase.</summary>
    public static bool Holds(BackupRecord record, string passphrase)
    {
        if (record.Seal?.Split('.') is not [{ Length: 2 * SaltSize } salt, _] || !salt.All(char.IsAsciiHexDigit))
            return false;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Of(record, passphrase, Convert.FromHexString(salt))), Encoding.UTF8.GetBytes(record.Seal));
    }

    static string Of(BackupRecord record, string passphrase, byte[] salt)
    {
        var made = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), salt, Iterations, HashAlgorithmName.SHA256, HMACSHA256.HashSizeInBytes);
        var key = HKDF.Expand(HashAlgorithmName.SHA256, made, HMACSHA256.HashSizeInBytes, "fairlead copy: record"u8.ToArray());
        var copy = record.Backup;
        // Said anew, in one order, so that it does not matter how the file is laid out.
        var text = JsonSerializer.SerializeToUtf8Bytes<object?[]>(
        [
            copy.Id, copy.Database, copy.At.UtcTicks, copy.Release, copy.Digest, copy.Bytes, copy.IsEncrypted, record.IsDump, record.Server,
            record.Rows?.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => new object[] { x.Key, x.Value }).ToArray(),
        ]);
        return $"{Convert.ToHexStringLower(salt)}.{Convert.ToHexStringLower(HMACSHA256.HashData(key, text))}";
    }
}
