using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Everything a platform must know to bring a revision up.</summary>
public sealed record RevisionSpec
{
    /// <summary>Which revision.</summary>
    public required Revision Revision { get; init; }

    /// <summary>Version of the release, for people and metrics.</summary>
    public required string Version { get; init; }

    /// <summary>The artifact's file. A platform keeps what it needs of it: the file may be gone later.</summary>
    public required AbsolutePath ArtifactFile { get; init; }

    /// <summary>Program and arguments, started in the unpacked artifact. <c>dotnet</c> means the host that runs Fairlead itself.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>
    /// Variables for the process. The platform adds <c>PORT</c> and <c>ASPNETCORE_URLS</c> with the port it chose. Nothing else is
    /// inherited but what a program cannot do without (PATH, HOME, TMPDIR, LANG, DOTNET_ROOT, TZ).
    /// </summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Further variables for the process, whose values a platform writes into no file as they are.</summary>
    public ImmutableSortedDictionary<string, string> Secrets { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How many processes now; 0 for a revision that is kept without running.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The health probes, or null for a worker without HTTP, which is healthy while it runs.</summary>
    public HealthProbe? Probe { get; init; }

    /// <summary>
    /// What each replica may use. A platform ends a replica that takes more memory; one that cannot limit the processor says so where the
    /// environment is read.
    /// </summary>
    public ResourceLimits Resources { get; init; } = ResourceLimits.None;

    /// <summary>How long in-flight requests may take when the revision loses its traffic.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a process may take to end after SIGTERM before it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);
}
