using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Secrets that a program prints. One line feed at the end does not count; what it prints is shown to nobody.</summary>
/// <param name="processes">Starts it.</param>
sealed class CommandSecretSource(IProcessRunner processes) : ISecretSource
{
    /// <summary>What stands for the key in an argument.</summary>
    public const string Placeholder = "{key}";

    const int LongestValue = 1024 * 1024;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<string> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var words = reference.Store!.Command;
        // The key is one argument or a part of one, and where it begins one it may not look like an option, unless '--' has ended these.
        var options = words.TakeWhile(x => x != "--").Skip(1);
        if (reference.Key.StartsWith('-') && options.Any(x => x.StartsWith(Placeholder, StringComparison.Ordinal)))
        {
            throw new UserErrorException(
                $"The secret '{reference}' is not asked for: its key begins with '-', which '{words[0]}' would take for an option.", "Name another key, or write '--' before '{key}' in the command of the provider.");
        }

        var command = new ToolCommand(words[0], [.. words.Skip(1).Select(x => x.Replace(Placeholder, reference.Key, StringComparison.Ordinal))]) { Timeout = Limit };
        return await ReadAsync(processes, command, reference, cancellationToken);
    }

    /// <summary>What a command prints, for a reference.</summary>
    internal static async Task<string> ReadAsync(IProcessRunner processes, ToolCommand command, SecretReference reference, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        try
        {
            await processes.ReadAsync(
                command,
                bytes =>
                {
                    if (output.Length <= LongestValue)
                        output.Write(bytes);
                },
                cancellationToken);
        }
        catch (ProcessFailedException exception)
        {
            // Its lines are not shown: nobody knows what a program that keeps secrets writes when it fails.
            throw new UserErrorException(
                $"The secret '{reference}' is not there: '{command.Tool}' {(exception.TimedOut ? $"did not end within {Limit.TotalSeconds:0} s" : $"ended with exit code {exception.Result.ExitCode}")}.",
                "Run the command by hand; what it writes is not shown here.");
        }
        catch (ToolNotFoundException exception)
        {
            throw new UserErrorException($"The secret '{reference}' cannot be asked for: {exception.Message}", exception.Remedy, exception);
        }

        if (output.Length > LongestValue)
            throw new UserErrorException($"The secret '{reference}' is longer than {LongestValue} bytes.", "That is no secret; is the command right?");
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.ToArray());
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (DecoderFallbackException)
        {
            throw new UserErrorException($"The secret '{reference}' is no text in UTF-8.", "Keep it as text, for instance in base64.");
        }
    }
}
