using System.Collections.Immutable;
using Fairlead.Releases;

namespace Fairlead.Deployment;

/// <summary>How a <see cref="Deployer"/> works.</summary>
public sealed record DeployerOptions
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asks the public addresses after the switch.</summary>
    public required IEndpointProbe Probe { get; init; }

    /// <summary>Measures what the platform does not: Prometheus queries and commands.</summary>
    public required IMetricSource Metrics { get; init; }

    /// <summary>Gives out secrets to the processes that are started.</summary>
    public required ISecretSource Secrets { get; init; }

    /// <summary>Works on databases. By default there is nobody who could: environments with a database are not deployed to.</summary>
    public IDatabase Database { get; init; } = new NoDatabase();

    /// <summary>Runs the checks after a deployment. By default there is nobody who could: environments with checks are not deployed to.</summary>
    public ICheckRunner Checks { get; init; } = new NoChecks();

    /// <summary>Knows whose consent counts. By default nobody's.</summary>
    public IApprovalAuthority Approvals { get; init; } = new NobodyApproves();

    /// <summary>What else keeps releases out. By default nothing does.</summary>
    public Func<EnvironmentSpec, ReleaseManifest, CancellationToken, Task<ImmutableArray<Refusal>>> FurtherRules { get; init; } = (_, _, _) => Task.FromResult(ImmutableArray<Refusal>.Empty);

    /// <summary>The rules that are bypassed on purpose. By default none.</summary>
    public PolicyBypass? Bypass { get; init; }

    /// <summary>Where feature flags are kept.</summary>
    public required IFlagProvider Flags { get; init; }

    /// <summary>The account that deploys, for the journal and for those who wait.</summary>
    public required string User { get; init; }

    /// <summary>This machine, for the journal and for those who wait.</summary>
    public required string Host { get; init; }

    /// <summary>Who deploys, as the journal has it.</summary>
    internal string By => $"{User}@{Host}";

    /// <summary>What runs, for those who wait: <c>DeployStaging</c>.</summary>
    public required string Command { get; init; }

    /// <summary>How long to wait for somebody else's deployment of the same environment. By default 10 minutes.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a public address may take to answer after the switch. By default 10 seconds.</summary>
    public TimeSpan VerifyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two looks at the platform or at an address. By default 250 ms.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
