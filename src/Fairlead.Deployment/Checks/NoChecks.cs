using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Stands for a runner of checks where there is none.</summary>
sealed class NoChecks : ICheckRunner
{
    /// <inheritdoc/>
    public Task<CheckOutcome> RunAsync(CheckSpec check, CheckSubject subject, CancellationToken cancellationToken) =>
        throw new UserErrorException($"{subject.Environment} has the check '{check.Name}', and this command was given nobody who could run it.", "Set 'DeployerOptions.Checks'.");
}
