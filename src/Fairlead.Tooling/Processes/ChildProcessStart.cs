using System.Collections.Immutable;

namespace Fairlead.Tooling;

/// <summary>How a <see cref="ChildProcess"/> is started. The environment is complete: nothing is inherited that is not in it.</summary>
public sealed record ChildProcessStart
{
    /// <summary>Full path of the program.</summary>
    public required AbsolutePath Program { get; init; }

    /// <summary>The arguments, one element each.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>The directory to start in.</summary>
    public required AbsolutePath WorkingDirectory { get; init; }

    /// <summary>All variables of the new process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Text given on standard input; null: standard input is empty.</summary>
    public string? StandardInput { get; init; }

    /// <summary>Writes what is given on standard input, on a thread of its own; null: <see cref="StandardInput"/>. When it fails, the process is killed; <see cref="ChildProcess.InputFailure"/> tells why.</summary>
    public Action<Stream>? WriteInput { get; init; }

    /// <summary>Both outputs are appended to this file. Null: they are read line by line into <see cref="OnLine"/>.</summary>
    public AbsolutePath? OutputFile { get; init; }

    /// <summary>Called with each line, one at a time and in order, when there is no <see cref="OutputFile"/>. It may take its time: the process does not wait for it.</summary>
    public Action<OutputLine>? OnLine { get; init; }

    /// <summary>Takes standard output as it is; <see cref="OnLine"/> is then called with the lines of standard error alone.</summary>
    public OutputBytes? OnOutput { get; init; }

    /// <summary>
    /// The process is killed when this one ends, however it ends, where the system can be asked for that (Linux with util-linux' <c>setpriv</c>);
    /// elsewhere this changes nothing. What the process starts itself is not included.
    /// </summary>
    public bool EndWithParent { get; init; }
}
