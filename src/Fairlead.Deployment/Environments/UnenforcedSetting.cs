using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Something that is configured and that this version does not do.</summary>
/// <param name="Problem">What, where it stands, and how to go on for now.</param>
/// <param name="IsGate">
/// True: it protects the environment, so a deployment that cannot honour it is refused. False: it is a comfort; every deployment
/// says loudly that it is missing.
/// </param>
public sealed record UnenforcedSetting(Problem Problem, bool IsGate);
