using System.Collections.Immutable;

namespace Fairlead.Tooling;

/// <summary>
/// What to start: a program and its list of arguments. A plain value, so that tests compare it; nothing here is ever a shell string.
/// </summary>
/// <param name="Tool">The program: a name looked up on the PATH, or a path.</param>
/// <param name="Arguments">The arguments, one element each, as the program will see them.</param>
public sealed record ToolCommand(string Tool, ImmutableArray<string> Arguments)
{
    /// <summary>Makes a command from a tool and arguments.</summary>
    public static ToolCommand Of(string tool, params string[] arguments) => new(tool, [.. arguments]);

    /// <summary>The directory to start in; by default the runner's.</summary>
    public AbsolutePath? WorkingDirectory { get; init; }

    /// <summary>Variables to set, or (null) to remove, on top of the runner's environment.</summary>
    public ImmutableSortedDictionary<string, string?> Environment { get; init; } =
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    /// <summary>After this time the whole process tree is killed. By default there is no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Text given on standard input. By default standard input is empty: no tool can wait for a key.</summary>
    public string? StandardInput { get; init; }

    /// <summary>
    /// Writes what is given on standard input, which ends when this returns; null: <see cref="StandardInput"/>. It runs on a thread of its own, and
    /// what it writes is kept nowhere. When it fails, the process is killed before its input ends, and the call fails with what failed here.
    /// </summary>
    public Action<Stream>? WriteInput { get; init; }

    /// <summary>Exit codes that mean success; by default only 0. Empty: any.</summary>
    public ImmutableArray<int> SuccessExitCodes { get; init; } = [0];

    /// <summary>Values among the arguments and variables that must not be shown.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>The same command that succeeds with any exit code.</summary>
    public ToolCommand WithAnyExitCode() => this with { SuccessExitCodes = [] };

    /// <summary>The same command, started in a directory.</summary>
    public ToolCommand In(AbsolutePath directory) => this with { WorkingDirectory = directory };

    /// <summary>The same command with one more variable.</summary>
    public ToolCommand WithEnvironment(string name, string? value) => this with { Environment = Environment.SetItem(name, value) };

    /// <summary>The command as a person would type it; for display only. Not redacted: what others see is <see cref="DisplayWith"/>.</summary>
    public string Display => string.Join(' ', Arguments.Prepend(Tool).Select(Quote));

    /// <summary>The command as a person would type it, each argument redacted before it is quoted. Its own secrets are not shown either.</summary>
    public string DisplayWith(Redactor redactor)
    {
        foreach (var secret in Secrets)
            redactor.Add(secret);
        return string.Join(' ', Arguments.Prepend(Tool).Select(x => Quote(redactor.Redact(x))));
    }

    /// <summary>Compares by content, arguments included.</summary>
    public bool Equals(ToolCommand? other) =>
        other is not null && Tool == other.Tool && Arguments.SequenceEqual(other.Arguments, StringComparer.Ordinal)
        && WorkingDirectory == other.WorkingDirectory && Timeout == other.Timeout && StandardInput == other.StandardInput && WriteInput == other.WriteInput
        && Environment.SequenceEqual(other.Environment) && SuccessExitCodes.SequenceEqual(other.SuccessExitCodes)
        && Secrets.SequenceEqual(other.Secrets, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tool, Arguments.Length, WorkingDirectory);

    /// <inheritdoc cref="Display"/>
    public override string ToString() => Display;

    static string Quote(string argument) =>
        argument.Length > 0 && argument.Replace(Redactor.Mask, "", StringComparison.Ordinal).All(x => char.IsLetterOrDigit(x) || "-_./:=,+@%\\".Contains(x, StringComparison.Ordinal))
            ? argument
            : $"'{QuoteInside(argument)}'";

    /// <summary>A text as it stands between the quotes of a shell.</summary>
    internal static string QuoteInside(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal);
}
