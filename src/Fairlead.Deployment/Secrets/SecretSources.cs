using System.Collections.Concurrent;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// All stores behind one reference. Each value is asked for once, and the redactor is told before anybody else.
/// </summary>
public sealed class SecretSources : ISecretSource, IDisposable
{
    readonly Redactor _redactor;
    readonly LocalSecretSource _local;
    readonly KubernetesSecretSource _kubernetes;
    readonly CommandSecretSource _commands;
    readonly VaultSecretSource _vault;
    readonly ConcurrentDictionary<SecretReference, Lazy<Task<string>>> _values = [];

    /// <param name="variable">Reads a variable of the command that deploys.</param>
    /// <param name="processes">Starts the programs of stores.</param>
    /// <param name="redactor">Told each value.</param>
    /// <param name="time">The clock of time limits.</param>
    public SecretSources(Func<string, string?> variable, IProcessRunner processes, Redactor redactor, TimeProvider time)
    {
        _redactor = redactor;
        _local = new LocalSecretSource(variable, redactor);
        _kubernetes = new KubernetesSecretSource(processes);
        _commands = new CommandSecretSource(processes);
        _vault = new VaultSecretSource(_local, variable, time);
    }

    /// <inheritdoc/>
    public async Task<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var value = _values.GetOrAdd(reference, x => new Lazy<Task<string>>(() => AskAsync(x, cancellationToken)));
        try
        {
            return await value.Value;
        }
        catch
        {
            // What failed may be mended before it is asked for again.
            _values.TryRemove(KeyValuePair.Create(reference, value));
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> FindChangeAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await SourceOf(reference).FindChangeAsync(reference, cancellationToken);
        }
        catch (Exception exception) when (exception is UserErrorException or IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _vault.Dispose();

    async Task<string> AskAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var value = await SourceOf(reference).ResolveAsync(reference, cancellationToken);
        _redactor.Add(value);
        if (value.Length == 0)
            throw new UserErrorException($"The secret '{reference}' is empty.", "Put its value there.");
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new UserErrorException($"The secret '{reference}' has a zero byte, which no variable can have.", "Keep it as text, for instance in base64.");
        return value;
    }

    ISecretSource SourceOf(SecretReference reference) => reference switch
    {
        { Store.Command: { IsDefaultOrEmpty: false } } => _commands,
        { Provider: SecretReference.FromEnvironment or SecretReference.FromFile } => _local,
        { Provider: SecretReference.FromVault } => _vault,
        { Provider: SecretReference.FromKubernetes } => _kubernetes,
        _ => throw new UserErrorException($"Secrets of '{reference.Provider}' are not given out: there is no such provider.", "There are env, file, vault, kubernetes, and those under 'secrets: { providers: … }'."),
    };
}
