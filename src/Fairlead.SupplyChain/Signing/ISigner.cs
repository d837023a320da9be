using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>Makes signatures as Sigstore bundles.</summary>
public interface ISigner
{
    /// <summary>Who or what signs, for people: <c>the key release (SHA256:…)</c>.</summary>
    string Name { get; }

    /// <summary>Signs a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sha256">Its SHA-256.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The bundle, in JSON.</returns>
    Task<byte[]> SignFileAsync(AbsolutePath file, byte[] sha256, CancellationToken cancellationToken);

    /// <summary>Signs a statement.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The bundle, in JSON.</returns>
    Task<byte[]> SignStatementAsync(InTotoStatement statement, CancellationToken cancellationToken);
}
