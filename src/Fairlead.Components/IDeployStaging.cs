using Fairlead.Engine;

namespace Fairlead.Components;

/// <summary>Deploys to staging.</summary>
public interface IDeployStaging : IDeploy
{
    /// <summary>Packages what is checked out, unless it is sealed already, and deploys it to staging.</summary>
    Target DeployStaging => _ => _.Deploys("staging");
}
