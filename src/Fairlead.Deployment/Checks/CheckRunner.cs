using System.Globalization;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Runs checks: commands with the environment's variables and <c>FAIRLEAD_URL</c>, <c>FAIRLEAD_ENVIRONMENT</c>, <c>FAIRLEAD_VERSION</c>, <c>FAIRLEAD_CHECK</c>; addresses past any
/// proxy of the environment, without following redirects.
/// </summary>
/// <param name="runner">Starts commands.</param>
/// <param name="directory">Where they are started.</param>
/// <param name="time">The clock.</param>
/// <param name="redactor">Takes secrets out of what is told.</param>
public sealed class CheckRunner(IProcessRunner runner, AbsolutePath directory, TimeProvider time, Redactor redactor) : ICheckRunner, IDisposable
{
    const int LongestText = 200;
    const int LargestBody = 1 << 20;

    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <inheritdoc/>
    public async Task<CheckOutcome> RunAsync(CheckSpec check, CheckSubject subject, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (hasPassed, detail) = check.Http is null ? await StartAsync(check, subject, cancellationToken) : await AskAsync(check, subject, cancellationToken);
            if (hasPassed || attempt > check.Retries)
                return new CheckOutcome(check.Name, hasPassed, Short(redactor.Redact(detail)), time.GetElapsedTime(start), attempt);
            await Task.Delay(check.RetryInterval, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    async Task<(bool HasPassed, string Detail)> StartAsync(CheckSpec check, CheckSubject subject, CancellationToken cancellationToken)
    {
        var command = new ToolCommand(check.Command[0], check.Command[1..]) { WorkingDirectory = directory, Timeout = check.Timeout, SuccessExitCodes = [] };
        foreach (var (name, value) in subject.Variables)
            command = command.WithEnvironment(name, value);
        command = command
            .WithEnvironment("FAIRLEAD_ENVIRONMENT", subject.Environment)
            .WithEnvironment("FAIRLEAD_VERSION", subject.Target.Release.Version)
            .WithEnvironment("FAIRLEAD_COMMIT", subject.Target.Release.Commit)
            .WithEnvironment("FAIRLEAD_CHECK", check.Name)
            .WithEnvironment("FAIRLEAD_URL", AddressOf(subject)?.ToString().TrimEnd('/'));
        try
        {
            var result = await runner.RunAsync(command, onLine: null, cancellationToken);
            var last = result.Lines.Select(x => x.Text.Trim()).LastOrDefault(x => x.Length > 0);
            return result.ExitCode == 0
                ? (true, last ?? $"'{check.Command[0]}' ended well")
                : (false, $"'{check.Command[0]}' ended with exit code {result.ExitCode}{(last is null ? "" : $": {last}")}");
        }
        catch (ProcessFailedException exception) when (exception.TimedOut)
        {
            return (false, $"'{check.Command[0]}' took longer than {Durations.Format(check.Timeout)}");
        }
        catch (ToolNotFoundException exception)
        {
            return (false, exception.Message);
        }
    }

    async Task<(bool HasPassed, string Detail)> AskAsync(CheckSpec check, CheckSubject subject, CancellationToken cancellationToken)
    {
        // A path could be an absolute file address to Uri.
        var address = check.Http!.StartsWith('/') ? AddressOf(subject) is { } root ? new Uri(root, check.Http) : null : new Uri(check.Http);
        if (address is null)
            return (false, $"no service of {subject.Environment} has an address that {check.Http} could be a path of");
        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(check.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var body = await ReadAsync(response, both.Token);
            var took = time.GetElapsedTime(start);
            var answer = string.Create(CultureInfo.InvariantCulture, $"{address} answered {(int)response.StatusCode} after {took.TotalMilliseconds:0} ms");
            if ((int)response.StatusCode != check.Status)
                return (false, $"{answer}, and {check.Status} is expected");
            if (check.Contains is { } text && !body.Contains(text, StringComparison.Ordinal))
                return (false, $"{answer}, without '{text}'");
            return check.Within is { } within && took > within ? (false, $"{answer}, and it may take {Durations.Format(within)}") : (true, answer);
        }
        catch (HttpRequestException exception)
        {
            return (false, $"{address}: {exception.Message.TrimEnd('.')}");
        }
        catch (IOException exception)
        {
            return (false, $"{address}: {exception.Message.TrimEnd('.')}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, $"{address}: nothing within {Durations.Format(check.Timeout)}");
        }
    }

    static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[LargestBody];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(body, 0, length);
    }

    static Uri? AddressOf(CheckSubject subject) => subject.Target.Services.FirstOrDefault(x => x.Url is not null)?.Url;

    static string Short(string text) => text.Length > LongestText ? text[..LongestText] + "…" : text;
}
