using System.Collections.Concurrent;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// One run of one build: everything that the run may touch of the world. It is set before the build object is made, so several builds
/// can run in one process; the static names of <see cref="FairleadBuild"/> are views of it.
/// </summary>
public sealed class BuildContext
{
    static readonly AsyncLocal<BuildContext?> Ambient = new();

    readonly AsyncLocal<TargetScope?> _scope = new();
    readonly ConcurrentDictionary<Type, Lazy<object>> _once = new();
    readonly PartialLine _partial;

    internal BuildContext(BuildOptions options, AbsolutePath rootDirectory, Redactor redactor, BuildOutput output, IProcessRunner processes, Host host, ParameterValues parameters)
    {
        RootDirectory = rootDirectory;
        WorkingDirectory = options.WorkingDirectory;
        Environment = options.Environment;
        Time = options.Time;
        StartTime = options.Time.GetUtcNow();
        Redactor = redactor;
        Output = output;
        Processes = processes;
        Host = host;
        Parameters = parameters;
        _partial = new PartialLine((level, text) => Output.WriteLine(text, level));
    }

    /// <summary>The run that the calling code belongs to.</summary>
    /// <exception cref="InvalidOperationException">The code does not run inside a build.</exception>
    public static BuildContext Current => Ambient.Value
        ?? throw new InvalidOperationException("No build is running here. Run one with FairleadBuild.Execute or FairleadBuild.RunAsync.");

    /// <summary>The root of the repository: the directory that has <c>.nuke</c>.</summary>
    public AbsolutePath RootDirectory { get; }

    /// <summary>Where the user stands.</summary>
    public AbsolutePath WorkingDirectory { get; }

    /// <summary>The environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>When this run began.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>Knows the secrets of this run.</summary>
    public Redactor Redactor { get; }

    /// <summary>Starts processes.</summary>
    public IProcessRunner Processes { get; }

    /// <summary>Where the build runs.</summary>
    public Host Host { get; }

    /// <summary>How much the build says.</summary>
    public Verbosity Verbosity => Output.Verbosity;

    /// <summary>Cancelled when the running target shall stop.</summary>
    public CancellationToken CancellationToken => _scope.Value?.CancellationToken ?? CancellationToken.None;

    internal BuildOutput Output { get; }

    internal ParameterValues Parameters { get; }

    internal WorkspaceLock Workspace { get; } = new();

    /// <summary>A value that components share: made when it is first asked for, once in this run.</summary>
    /// <typeparam name="T">The value's type, which also names it.</typeparam>
    public T Once<T>(Func<T> make)
        where T : class
    {
        var made = _once.GetOrAdd(typeof(T), _ => new Lazy<object>(make));
        try
        {
            return (T)made.Value;
        }
        catch
        {
            // Whoever asks again may have more luck: a cleaning target after Ctrl-C, say.
            _once.TryRemove(new KeyValuePair<Type, Lazy<object>>(typeof(T), made));
            throw;
        }
    }

    /// <summary>Writes a line to the output of the running target.</summary>
    public void Write(LogLevel level, string text)
    {
        if (_scope.Value is { } scope)
            scope.Output.Write(level, text);
        else
            Output.WriteLine(text, level);
    }

    /// <summary>Writes text that may end in the middle of a line.</summary>
    internal void WritePartial(LogLevel level, string text) => (_scope.Value?.Output.Partial ?? _partial).Append(level, text);

    /// <summary>Writes what was left of a line outside of any target.</summary>
    internal void FlushPartial() => _partial.Flush();

    /// <summary>Starts a command for the running target: its output goes there, and stopping the target stops it.</summary>
    /// <param name="command">What to start; relative to the root directory when it does not say.</param>
    /// <param name="logOutput">Whether its lines are shown as they come.</param>
    public async Task<ProcessResult> RunAsync(ToolCommand command, bool logOutput = true)
    {
        Write(LogLevel.Verbose, $"> {command.DisplayWith(Redactor)}");
        var located = command.WorkingDirectory is null ? command with { WorkingDirectory = RootDirectory } : command;
        using var workspace = await Workspace.EnterAsync(located, CancellationToken);
        return await Processes.RunAsync(located, logOutput ? line => Write(LogLevel.Output, line.Text) : null, CancellationToken);
    }

    internal static void Enter(BuildContext? context) => Ambient.Value = context;

    internal void EnterTarget(BuildOutput.TargetOutput output, CancellationToken cancellationToken) =>
        _scope.Value = new TargetScope(output, cancellationToken);

    sealed record TargetScope(BuildOutput.TargetOutput Output, CancellationToken CancellationToken);
}
