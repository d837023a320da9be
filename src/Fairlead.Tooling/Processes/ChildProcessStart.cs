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

    /// <summary>Both outputs are appended to this file. Null: they are read line by line into <see cref="OnLine"/>.</summary>
    public AbsolutePath? OutputFile { get; init; }

    /// <summary>Called with each line, from any thread, when there is no <see cref="OutputFile"/>.</summary>
    public Action<OutputLine>? OnLine { get; init; }
}
