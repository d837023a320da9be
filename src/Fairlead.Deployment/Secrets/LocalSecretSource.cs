using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Secrets of this machine: variables of the command that deploys (<c>env</c>), and files (<c>file</c>; one line feed at the end does not count).</summary>
/// <param name="variable">Reads a variable.</param>
/// <param name="redactor">Told each value before anybody else, so that it appears in no output.</param>
public sealed class LocalSecretSource(Func<string, string?> variable, Redactor redactor) : ISecretSource
{
    /// <inheritdoc/>
    public Task<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var value = reference.Provider switch
        {
            SecretReference.FromEnvironment => variable(reference.Key) is { Length: > 0 } text ? text : throw new UserErrorException(
                $"The secret '{reference}' is not there: the variable {reference.Key} is not set.", $"Set {reference.Key} for the command that deploys or rolls back; 'file:' references need no variable."),
            SecretReference.FromFile => Read(reference),
            _ => throw new UserErrorException($"Secrets of '{reference.Provider}' are not given out by this version.", "Use 'env:NAME' or 'file:/path'."),
        };
        redactor.Add(value);
        return Task.FromResult(value);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindChangeAsync(SecretReference reference, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(
        reference.Provider == SecretReference.FromFile && File.Exists(reference.Key) ? new DateTimeOffset(File.GetLastWriteTimeUtc(reference.Key), TimeSpan.Zero) : null);

    static string Read(SecretReference reference)
    {
        try
        {
            var text = File.ReadAllText(reference.Key);
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserErrorException($"The secret '{reference}' cannot be read: {exception.Message}", "Put the file there, readable for the account that deploys.", exception);
        }
    }
}
