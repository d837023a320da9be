using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Has environments to deploy to.</summary>
public interface IHazEnvironments : IHazSolution
{
    /// <summary>The file that describes them.</summary>
    AbsolutePath EnvironmentsPath => RootDirectory / ".nuke" / "environments.yml";

    /// <summary>What the file says, with all its mistakes.</summary>
    EnvironmentsFile EnvironmentsFile => Context.Once(() => EnvironmentsPath.FileExists()
        ? EnvironmentsFile.Parse(EnvironmentsPath.ReadAllText(), RootDirectory.GetUnixRelativePathTo(EnvironmentsPath), Solution.Name.ToLowerInvariant())
        : throw new UserErrorException($"There is no '{EnvironmentsPath}'.", "Describe the environments there; docs/environments.md shows how.") { ExitCode = ExitCodes.Usage });

    /// <summary>An environment, of a file without any mistake.</summary>
    /// <exception cref="UserErrorException">There is none of that name, or the file has mistakes.</exception>
    sealed EnvironmentSpec FindEnvironment(string name) => EnvironmentsFile.Problems.IsEmpty
        ? Known(name)
        : throw new ProblemsException(EnvironmentsFile.Problems) { ExitCode = ExitCodes.Usage };

    /// <summary>
    /// An environment for looking at it and going back: these work from the journal, so a mistake in the file must not keep anybody from
    /// them at night.
    /// </summary>
    sealed EnvironmentSpec FindEnvironmentForRescue(string name)
    {
        if (EnvironmentsFile.Problems.IsEmpty)
            return Known(name);
        Context.Write(LogLevel.Warning, $"'{RootDirectory.GetUnixRelativePathTo(EnvironmentsPath)}' has mistakes; this works from the journal. The first one:");
        Context.Write(LogLevel.Warning, EnvironmentsFile.Problems[0].ToString());
        return EnvironmentsFile.Environments.FirstOrDefault(x => x.Name == name)
            ?? new EnvironmentSpec { Application = EnvironmentsFile.Application, Name = name, IsProtected = true, Services = [] };
    }

    private EnvironmentSpec Known(string name)
    {
        try
        {
            return EnvironmentsFile.Environment(name);
        }
        catch (UserErrorException e)
        {
            throw new UserErrorException(e.Message, e.Remedy) { ExitCode = ExitCodes.Usage };
        }
    }
}
