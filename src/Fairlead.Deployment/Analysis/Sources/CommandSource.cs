using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Runs a command and reads the number on the last line that it writes to standard output, with a decimal point whatever the machine's
/// language. Its name is shown when it fails, its arguments are not.
/// </summary>
/// <param name="runner">Starts it.</param>
/// <param name="directory">Where it is started; by default where the runner starts programs.</param>
/// <param name="timeout">How long it may take; by default 30 seconds. Then it is stopped with all that it started.</param>
public sealed class CommandSource(IProcessRunner runner, AbsolutePath? directory = null, TimeSpan? timeout = null) : IMetricSource
{
    const int LongestText = 200;

    readonly TimeSpan _timeout = timeout ?? TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<Measurement> MeasureAsync(Metric metric, MetricSubject subject, CancellationToken cancellationToken)
    {
        var arguments = metric is Metric.Command { Arguments: { IsDefaultOrEmpty: false } list }
            ? list
            : throw new ArgumentException($"{metric.Name} is no command.", nameof(metric));
        var command = new ToolCommand(arguments[0], arguments[1..])
        {
            WorkingDirectory = directory,
            Timeout = _timeout,
            SuccessExitCodes = [],
        }
            .WithEnvironment("FAIRLEAD_ENVIRONMENT", subject.Environment)
            .WithEnvironment("FAIRLEAD_SERVICE", subject.Service)
            .WithEnvironment("FAIRLEAD_REVISION", subject.Revision)
            .WithEnvironment("FAIRLEAD_VERSION", subject.Version);
        try
        {
            var result = await runner.RunAsync(command, onLine: null, cancellationToken);
            if (result.ExitCode == 0)
                return Read(LastLine(result, OutputKind.Out), arguments[0]);
            var last = LastLine(result, OutputKind.Error) ?? LastLine(result, OutputKind.Out);
            return new Measurement.Unavailable($"'{arguments[0]}' ended with exit code {result.ExitCode}{(last is null ? "" : $": {last}")}");
        }
        catch (ProcessFailedException exception) when (exception.TimedOut)
        {
            return new Measurement.Unavailable($"'{arguments[0]}' took longer than {Durations.Format(_timeout)}");
        }
        catch (ProcessFailedException exception)
        {
            return new Measurement.Unavailable($"'{arguments[0]}' ended with exit code {exception.Result.ExitCode}");
        }
        catch (UserErrorException exception)
        {
            return new Measurement.Unavailable(exception.Message.TrimEnd('.'));
        }
    }

    static Measurement Read(string? line, string tool) => line is null
        ? new Measurement.NoData($"'{tool}' printed nothing")
        : double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new Measurement.Value(number)
            : new Measurement.NotANumber(line);

    static string? LastLine(ProcessResult result, OutputKind kind)
    {
        var line = result.Lines.Where(x => x.Kind == kind).Select(x => x.Text.Trim()).LastOrDefault(x => x.Length > 0);
        return line is { Length: > LongestText } ? line[..LongestText] + "…" : line;
    }
}
