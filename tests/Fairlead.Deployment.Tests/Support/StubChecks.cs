namespace Fairlead.Deployment.Tests;

/// <summary>Checks that pass, unless a test names them.</summary>
sealed class StubChecks : ICheckRunner
{
    public HashSet<string> Failing { get; } = new(StringComparer.Ordinal);

    public List<string> Run { get; } = [];

    public Task<CheckOutcome> RunAsync(CheckSpec check, CheckSubject subject, CancellationToken cancellationToken)
    {
        Run.Add(check.Name);
        var passes = !Failing.Contains(check.Name);
        return Task.FromResult(new CheckOutcome(check.Name, passes, passes ? "well" : "not well", TimeSpan.FromSeconds(1), 1));
    }
}
