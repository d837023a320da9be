using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// Signs with <c>cosign</c> (2.6 or newer): without a key, by the identity that the build server vouches for, or with a key that cosign knows, for instance one of a cloud's key management.
/// </summary>
/// <param name="processes">Starts cosign.</param>
/// <param name="key">What <c>--key</c> gets (<c>awskms://…</c>, a file of <c>cosign generate-key-pair</c>); null: without a key.</param>
public sealed class CosignSigner(IProcessRunner processes, string? key = null) : ISigner
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Name => key is null ? "cosign, by the identity of this run" : $"cosign, with the key {key}";

    /// <summary>The command that signs a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bundle">Where the bundle goes.</param>
    /// <param name="key">See the constructor.</param>
    public static ToolCommand SignBlob(AbsolutePath file, AbsolutePath bundle, string? key) => Command("sign-blob", key, bundle, file);

    /// <summary>The command that signs a statement as it is.</summary>
    /// <param name="statement">The statement's file.</param>
    /// <param name="bundle">Where the bundle goes.</param>
    /// <param name="key">See the constructor.</param>
    public static ToolCommand AttestBlob(AbsolutePath statement, AbsolutePath bundle, string? key) => Command("attest-blob", key, bundle, "--statement", statement);

    /// <inheritdoc/>
    public Task<byte[]> SignFileAsync(AbsolutePath file, byte[] sha256, CancellationToken cancellationToken) => RunAsync(x => SignBlob(file, x / "bundle.json", key), cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]> SignStatementAsync(InTotoStatement statement, CancellationToken cancellationToken) => RunAsync(
        directory =>
        {
            var file = directory / "statement.json";
            File.WriteAllBytes(file, statement.ToJson());
            return AttestBlob(file, directory / "bundle.json", key);
        },
        cancellationToken);

    static ToolCommand Command(string verb, string? key, AbsolutePath bundle, params string[] rest) =>
        new("cosign", [verb, "--yes", "--new-bundle-format=true", "--bundle", bundle, .. key is null ? (string[])[] : ["--key", key], .. rest]) { Timeout = Limit };

    async Task<byte[]> RunAsync(Func<AbsolutePath, ToolCommand> command, CancellationToken cancellationToken)
    {
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-cosign-").FullName);
        try
        {
            await processes.RunAsync(command(directory), cancellationToken: cancellationToken);
            var json = await File.ReadAllBytesAsync(directory / "bundle.json", cancellationToken);
            SigstoreBundle.Parse(json);
            return json;
        }
        catch (Exception exception) when (exception is FileNotFoundException or JsonException)
        {
            throw new UserErrorException($"cosign wrote no Sigstore bundle of version 0.3: {exception.Message}", "Install cosign 2.6 or newer.", exception);
        }
        finally
        {
            directory.DeleteDirectory();
        }
    }
}
