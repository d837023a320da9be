using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Runs the checks after a deployment.</summary>
public interface ICheckRunner
{
    /// <summary>Runs one check, as often as it may be tried.</summary>
    /// <param name="check">The check.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="cancellationToken">Stops it; what was started ends.</param>
    /// <returns>What came out; a check that fails is no exception.</returns>
    /// <exception cref="UserErrorException">It could not be run at all: its program is not there.</exception>
    Task<CheckOutcome> RunAsync(CheckSpec check, CheckSubject subject, CancellationToken cancellationToken);
}
