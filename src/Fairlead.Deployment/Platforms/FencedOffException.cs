using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>A platform refused a call because somebody else has taken the environment's lock since.</summary>
public sealed class FencedOffException(FencingToken token, FencingToken highest) : UserErrorException(
    $"Another deployment has taken over this environment: this one holds token {token.Value}, and {highest.Value} has been seen.",
    "Nothing was changed by this call. Run ':status' to see who deploys.");
