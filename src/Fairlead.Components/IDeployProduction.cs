using Fairlead.Engine;

namespace Fairlead.Components;

/// <summary>Deploys to production.</summary>
public interface IDeployProduction : IDeploy
{
    /// <summary>Deploys the release that was verified on staging, by digest. Builds nothing, and refuses what was not verified.</summary>
    Target DeployProduction => _ => _
        .Promotes("production")
        .TryAfter<IDeployStaging>(x => x.DeployStaging);
}
