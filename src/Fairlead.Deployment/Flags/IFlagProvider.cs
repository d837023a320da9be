using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Where feature flags are kept.</summary>
public interface IFlagProvider
{
    /// <summary>The file that an environment's services read, when they name none of their own.</summary>
    string DefaultFileOf(EnvironmentSpec environment);

    /// <summary>Gives flags to a share of the users. Setting the same again changes nothing.</summary>
    /// <param name="file">The file.</param>
    /// <param name="flags">Names of the flags.</param>
    /// <param name="share">The share in percent; 0: off.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <exception cref="UserErrorException">The file cannot be written, or is not one of flags.</exception>
    Task SetAsync(string file, ImmutableArray<string> flags, int share, CancellationToken cancellationToken);
}
