using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Has environments to deploy to.</summary>
public interface IHazEnvironments : IHazSolution
{
    /// <summary>The file that describes them.</summary>
    AbsolutePath EnvironmentsPath => RootDirectory / ".nuke" / "environments.yml";

    /// <summary>
    /// Changes an environment after it was read: <c>environment with { KeptReleases = 10 }</c>. The result is checked again, and
    /// <c>:environments</c> shows what comes from here.
    /// </summary>
    EnvironmentSpec ConfigureEnvironment(EnvironmentSpec environment) => environment;

    /// <summary>What the file says and <see cref="ConfigureEnvironment"/> makes of it, with all mistakes.</summary>
    EnvironmentsFile EnvironmentsFile => Context.Once(() => EnvironmentsPath.FileExists()
        ? EnvironmentsFile.Parse(EnvironmentsPath.ReadAllText(), RootDirectory.GetUnixRelativePathTo(EnvironmentsPath), Solution.Name.ToLowerInvariant()).Configured(ConfigureEnvironment)
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

    /// <summary><c>:environments [ENVIRONMENT]</c>.</summary>
    [Verb("environments", "Shows what applies in each environment and where each value comes from.", Usage = "[ENVIRONMENT]")]
    Task ShowEnvironmentsAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        if (IsSchemaStale(orMissing: true))
        {
            var schema = EnvironmentsPath.Parent / EnvironmentsSchema.FileName;
            AtomicFile.Write(schema, EnvironmentsSchema.Text());
            Context.Write(LogLevel.Information, $"Wrote {RootDirectory.GetUnixRelativePathTo(schema)}; commit it with {EnvironmentsPath.Name}.");
        }

        if (!EnvironmentsFile.Problems.IsEmpty)
            throw new ProblemsException(EnvironmentsFile.Problems) { ExitCode = ExitCodes.Usage };
        var environments = arguments.SinglePositional is { } name ? [Known(name)] : EnvironmentsFile.Environments;
        foreach (var environment in environments)
        {
            foreach (var line in EnvironmentReport.Of(environment, EnvironmentsFile.AsRead?.Environment(environment.Name)))
                Context.Write(LogLevel.Information, line);
            Context.Write(LogLevel.Information, "");
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Whether the schema beside the file is not this version's. Only the verb writes it: a new file in the work tree would make the
    /// release that is being deployed one of a dirty tree.
    /// </summary>
    internal sealed bool IsSchemaStale(bool orMissing)
    {
        var schema = EnvironmentsPath.Parent / EnvironmentsSchema.FileName;
        return schema.FileExists() ? schema.ReadAllText() != EnvironmentsSchema.Text() : orMissing;
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
