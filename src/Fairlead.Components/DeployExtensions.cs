using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Makes deploy targets.</summary>
public static class DeployExtensions
{
    /// <summary>
    /// The target deploys the sealed release of what is checked out to an environment, and has it packaged and signed first when the build does that.
    /// </summary>
    /// <param name="definition">The target.</param>
    /// <param name="environment">Name of the environment.</param>
    public static ITargetDefinition Deploys(this ITargetDefinition definition, string environment) => definition
        .Promotes(environment)
        .TryDependsOn<IPackage>(x => x.Package)
        .TryDependsOn<ISign>(x => x.Sign);

    /// <summary>
    /// The target deploys a release that is sealed already: nothing is built. Where it must have been verified before is said in
    /// <c>.nuke/environments.yml</c>.
    /// </summary>
    /// <param name="definition">The target.</param>
    /// <param name="environment">Name of the environment.</param>
    public static ITargetDefinition Promotes(this ITargetDefinition definition, string environment)
    {
        var deploy = definition.Build as IDeploy ?? throw new UserErrorException(
            $"{definition.Build.GetType().Name} deploys to '{environment}' but is no IDeploy.", $"Add IDeploy to {definition.Build.GetType().Name}.");
        return definition
            .Description($"Deploys the release to {environment}")
            .TryAfter<IPackage>(x => x.Package)
            .TryAfter<ISign>(x => x.Sign)
            // A mistake in the file is said before minutes are spent on compiling and testing.
            .Requires(() => deploy.FindEnvironment(environment).Name == environment)
            .Previews(cancellationToken => deploy.PreviewAsync(environment, cancellationToken))
            .Executes(cancellationToken => deploy.DeployAsync(environment, $"deploy to {environment}", cancellationToken));
    }
}
