using Fairlead.Deployment;
using Fairlead.Engine;

namespace Fairlead.Components;

/// <summary>Has secrets that are kept elsewhere.</summary>
public interface IHazSecrets : IFairleadBuild
{
    /// <summary>Gives out secrets: of variables, files, Vault, Kubernetes and programs. One serves a whole run, so that each value is asked for once.</summary>
    ISecretSource SecretSources => Context.Once(() => new SecretSources(x => Context.Environment.GetValueOrDefault(x), Context.Processes, Context.Redactor, Context.Time));
}
