using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.Testing;

/// <summary>
/// Runs the real environments and strategies of a repository against a simulated platform and clock: a rollout of an hour in
/// milliseconds, the same each time.
/// </summary>
/// <example>
/// <code>
/// var production = RolloutSimulation.Of(RootDirectory / ".nuke" / "environments.yml").Simulate("production");
/// var rollout = await production.WithErrors(0.03).DeployAsync();
/// rollout.ShouldHaveGoneBackIn("canary-10");
/// </code>
/// </example>
/// <param name="environments">What <c>environments.yml</c> says.</param>
public sealed class RolloutSimulation(EnvironmentsFile environments)
{
    /// <summary>Reads an environments file.</summary>
    /// <param name="file">Where it is.</param>
    /// <param name="application">The application's name, where the file gives none.</param>
    /// <exception cref="ProblemsException">The file has mistakes.</exception>
    public static RolloutSimulation Of(AbsolutePath file, string application = "application")
    {
        var environments = EnvironmentsFile.Parse(file.ReadAllText(), file.Name, application);
        return environments.Problems.IsEmpty ? new RolloutSimulation(environments) : throw new ProblemsException(environments.Problems);
    }

    /// <summary>A simulated environment, on which one good release is live already.</summary>
    /// <exception cref="UserErrorException">There is no environment of that name.</exception>
    public SimulatedEnvironment Simulate(string environment) => new(environments.Environment(environment));
}
