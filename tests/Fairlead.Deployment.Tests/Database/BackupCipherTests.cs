using Fairlead.Tooling;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Deployment.Tests;

public sealed class BackupCipherTests
{
    const int Chunk = 64;
    const int Sealed = Chunk + BackupCipher.TagSize;

    static byte[] Encrypt(byte[] plain, string passphrase = "secret", int part = 10)
    {
        using var target = new MemoryStream();
        using var writer = new BackupCipher.Writer(target, passphrase, iterations: 2, Chunk);
        foreach (var piece in plain.Chunk(part))
            writer.Write(piece);
        writer.Complete();
        return target.ToArray();
    }

    static byte[] Decrypt(byte[] file, string passphrase = "secret")
    {
        using var output = new MemoryStream();
        BackupCipher.Read(new MemoryStream(file), passphrase, "copy", output.Write, Chunk);
        return output.ToArray();
    }

    static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(x => (byte)(x * 7))];

    static string Refusal(byte[] file, string passphrase = "secret") => Should.Throw<UserErrorException>(() => Decrypt(file, passphrase)).Message;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(1000)]
    public void What_was_encrypted_comes_back(int length) => Decrypt(Encrypt(Bytes(length))).ShouldBe(Bytes(length));

    [Fact]
    public void Each_changed_byte_is_found()
    {
        var file = Encrypt(Bytes(200));
        for (var i = 0; i < file.Length; i++)
        {
            var changed = file.ToArray();
            changed[i] ^= 0x40;
            // Many iterations are asked for by a changed header: those are refused or take their time, and are not tried here.
            if (i is >= 24 and < 27)
                continue;
            Refusal(changed).ShouldContain("copy");
        }
    }

    [Fact]
    public void Each_cut_is_found()
    {
        var file = Encrypt(Bytes(200));
        for (var length = 0; length < file.Length; length++)
            Refusal(file[..length]).ShouldContain("copy");
    }

    [Fact]
    public void Each_mistake_has_its_message()
    {
        var file = Encrypt(Bytes(3 * Chunk));
        Refusal(file, "other").ShouldContain("another passphrase");
        Refusal(file[..(BackupCipher.HeaderSize + 2 * Sealed)]).ShouldContain("cut off after 2 chunks");
        Refusal(file[..10]).ShouldContain("within its header");
        Refusal([.. "PGDMP"u8, .. Bytes(100)]).ShouldContain("does not begin like");
        var header = file[..BackupCipher.HeaderSize];
        var chunks = file[BackupCipher.HeaderSize..].Chunk(Sealed).ToList();
        Refusal([.. header, .. chunks[1], .. chunks[0], .. chunks[2]]).ShouldContain("changed in chunk 1");
        Refusal([.. header, .. chunks[0], .. chunks[2]]).ShouldContain("chunk 2");
        Refusal([.. file, .. chunks[0]]).ShouldContain("goes on after its end");
    }

    [Fact]
    public void Two_copies_of_the_same_have_nothing_in_common() =>
        Encrypt(Bytes(Chunk))[BackupCipher.HeaderSize..].Zip(Encrypt(Bytes(Chunk))[BackupCipher.HeaderSize..]).Count(x => x.First == x.Second).ShouldBeLessThan(10);

    [Fact]
    public void Anything_else_is_refused() => Prop.ForAll<byte[]>(bytes =>
    {
        Should.Throw<UserErrorException>(() => Decrypt(bytes));
        // A header that is right, and then anything.
        Should.Throw<UserErrorException>(() => Decrypt([.. Encrypt([])[..BackupCipher.HeaderSize], .. bytes]));
    }).QuickCheckThrowOnFailure();
}
