using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Testing;

/// <summary>
/// Starts nothing: remembers each command and answers as told. An unexpected command fails, naming itself, so that no test
/// passes by accident.
/// </summary>
public sealed class FakeProcessRunner : IProcessRunner
{
    readonly Lock _gate = new();
    readonly List<ToolCommand> _commands = [];
    readonly List<(Func<ToolCommand, bool> Matches, Func<ToolCommand, ProcessResult> Answer)> _answers = [];
    readonly List<(Func<ToolCommand, bool> Matches, IProcessRunner Runner)> _real = [];

    /// <summary>All commands so far, in the order of their starts.</summary>
    public IReadOnlyList<ToolCommand> Commands
    {
        get
        {
            lock (_gate)
                return [.. _commands];
        }
    }

    /// <summary>Answers commands that match; later answers take precedence over earlier ones.</summary>
    public FakeProcessRunner When(Func<ToolCommand, bool> matches, int exitCode = 0, params string[] output) =>
        When(matches, _ => new ProcessResult(exitCode, [.. output.Select(x => new OutputLine(OutputKind.Out, x))], TimeSpan.Zero));

    /// <summary>Answers commands that match with what the function gives.</summary>
    public FakeProcessRunner When(Func<ToolCommand, bool> matches, Func<ToolCommand, ProcessResult> answer)
    {
        lock (_gate)
            _answers.Add((matches, answer));
        return this;
    }

    /// <summary>Hands commands that match to another runner: git, say, is easier to have than to pretend. They are remembered like the others.</summary>
    public FakeProcessRunner When(Func<ToolCommand, bool> matches, IProcessRunner runner)
    {
        lock (_gate)
            _real.Add((matches, runner));
        return this;
    }

    /// <summary>Answers commands of a tool whose arguments begin with these.</summary>
    public FakeProcessRunner When(string tool, params string[] arguments) =>
        When(x => x.Tool == tool && x.Arguments.Take(arguments.Length).SequenceEqual(arguments, StringComparer.Ordinal));

    /// <inheritdoc/>
    public Task<ProcessResult> RunAsync(ToolCommand command, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Func<ToolCommand, ProcessResult>? answer;
        lock (_gate)
        {
            _commands.Add(command);
            if (RealRunner(command) is { } runner)
                return runner.RunAsync(command, onLine, cancellationToken);
            answer = _answers.LastOrDefault(x => x.Matches(command)).Answer;
        }

        if (answer is null)
            return Task.FromException<ProcessResult>(new InvalidOperationException($"The test did not say what '{command.Display}' answers."));
        var result = answer(command);
        foreach (var line in result.Lines)
            onLine?.Invoke(line);
        return command.SuccessExitCodes.IsEmpty || command.SuccessExitCodes.Contains(result.ExitCode)
            ? Task.FromResult(result)
            : Task.FromException<ProcessResult>(new ProcessFailedException(command.Display, result));
    }

    /// <inheritdoc/>
    /// <remarks>The output is the answer's lines of standard output in UTF-8, each ended with a line feed.</remarks>
    public async Task<ProcessResult> ReadAsync(ToolCommand command, OutputBytes onOutput, CancellationToken cancellationToken = default)
    {
        IProcessRunner? runner;
        lock (_gate)
            runner = RealRunner(command);
        if (runner is not null)
            return await runner.ReadAsync(command, onOutput, cancellationToken);
        var result = await RunAsync(command, cancellationToken: cancellationToken);
        foreach (var line in result.Lines.Where(x => x.Kind == OutputKind.Out))
            onOutput(Encoding.UTF8.GetBytes(line.Text + "\n"));
        return result with { Lines = [.. result.Lines.Where(x => x.Kind == OutputKind.Error)] };
    }

    IProcessRunner? RealRunner(ToolCommand command) => _real.LastOrDefault(x => x.Matches(command)).Runner;
}
