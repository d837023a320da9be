namespace Fairlead.Deployment;

/// <summary>How a <see cref="Deployer"/> works.</summary>
public sealed record DeployerOptions
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asks the public addresses after the switch.</summary>
    public required IEndpointProbe Probe { get; init; }

    /// <summary>The account that deploys, for the journal and for those who wait.</summary>
    public required string User { get; init; }

    /// <summary>This machine, for the journal and for those who wait.</summary>
    public required string Host { get; init; }

    /// <summary>What runs, for those who wait: <c>DeployStaging</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Of how many releases the artifacts are kept, the live one included. By default 5.</summary>
    public int KeptReleases { get; init; } = 5;

    /// <summary>How long to wait for somebody else's deployment of the same environment. By default 10 minutes.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a public address may take to answer after the switch. By default 10 seconds.</summary>
    public TimeSpan VerifyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two looks at the platform or at an address. By default 250 ms.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
