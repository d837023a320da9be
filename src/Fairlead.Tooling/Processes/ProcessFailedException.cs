using System.Text;

namespace Fairlead.Tooling;

/// <summary>A process ended with an exit code that is not success, or ran out of time. Shows the command and its last lines.</summary>
public sealed class ProcessFailedException : UserErrorException
{
    const int LinesShown = 20;

    /// <param name="command">What was started, redacted, for display.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="timeout">The limit that it ran into, or null.</param>
    public ProcessFailedException(string command, ProcessResult result, TimeSpan? timeout = null)
        : base(Describe(command, result, timeout))
    {
        Command = command;
        Result = result;
        TimedOut = timeout is not null;
    }

    /// <summary>The command as shown, redacted.</summary>
    public string Command { get; }

    /// <summary>Exit code and output.</summary>
    public ProcessResult Result { get; }

    /// <summary>Whether the time limit ended it.</summary>
    public bool TimedOut { get; }

    static string Describe(string command, ProcessResult result, TimeSpan? timeout)
    {
        var text = new StringBuilder(timeout is null
            ? $"'{command}' ended with exit code {result.ExitCode}."
            : $"'{command}' was stopped after {timeout.Value.TotalSeconds:0.#} s, its time limit.");
        var last = result.Lines.TakeLast(LinesShown).ToList();
        if (last.Count > 0)
            text.Append(" Its last lines:");
        foreach (var line in last)
            text.AppendLine().Append("    ").Append(line.Text);
        return text.ToString();
    }
}
