using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>The world that a build runs in. The defaults are the real one; tests of a pipeline put doubles in.</summary>
public sealed record BuildOptions
{
    /// <summary>The command line.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>The environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = EnvironmentVariables.Current();

    /// <summary>Where the user stands.</summary>
    public AbsolutePath WorkingDirectory { get; init; } = AbsolutePath.CurrentDirectory;

    /// <summary>The root of the repository; by default <c>--root</c>, or the nearest directory with <c>.nuke</c> above the build's program, or above <see cref="WorkingDirectory"/>.</summary>
    public AbsolutePath? RootDirectory { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Starts processes; by default real ones.</summary>
    public IProcessRunner? Processes { get; init; }

    /// <summary>Where the build prints.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where everything but the result is printed when the result is for programs (<c>--json</c>).</summary>
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Stops the build when cancelled: assured targets are run, and no process is left.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Whether to print colours.</summary>
    public bool UseColor { get; init; }

    /// <summary>How many targets may run at once when neither the user nor the build says; by default as many as there are cores.</summary>
    public int DefaultParallelism { get; init; } = System.Environment.ProcessorCount;
}
