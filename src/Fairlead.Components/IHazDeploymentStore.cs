using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Remembers what was deployed where.</summary>
public interface IHazDeploymentStore : IHazEnvironments
{
    /// <summary>Where it is remembered what was deployed: outside of the clone, so that two clones share one environment.</summary>
    AbsolutePath StateDirectory => FileDeploymentStore.DefaultRoot(x => Context.Environment.GetValueOrDefault(x));

    /// <summary>Where journal and lock are kept, as the environments file says under <c>store</c>.</summary>
    IDeploymentStore CreateDeploymentStore()
    {
        if (EnvironmentsFile.Store is not { Git: { } remote, Lease: var lease })
            return new FileDeploymentStore(StateDirectory, EnvironmentsFile.Application, Context.Time);
        // Not the build's own runner: its redactor would replace words of the journal that happen to be secrets.
        var processes = new ProcessRunner(new Redactor(), Context.Time, RootDirectory, Context.Environment);
        var options = new GitStoreOptions { Remote = remote, CloneDirectory = RootDirectory, Lease = lease };
        return new GitDeploymentStore(StateDirectory, EnvironmentsFile.Application, options, processes, Context.Time, x => Context.Write(LogLevel.Warning, x));
    }

    /// <summary>The same store, with everybody looking on who is to: what changes an environment takes its lock here, and then it is in the audit log and in the metrics.</summary>
    sealed IDeploymentStore OpenDeploymentStore()
    {
        var store = CreateDeploymentStore();
        IDeploymentObserver?[] observers = [(this as IHazAudit)?.CreateAuditKeeper(store), (this as IHazMetrics)?.CreateMetricsKeeper(store), (this as IHazMetrics)?.CreateOtlpReporter(store)];
        return new ObservedDeploymentStore(store, [.. observers.OfType<IDeploymentObserver>()]);
    }

    /// <summary>The state of this machine: what runs here is kept here, wherever the journal is.</summary>
    internal sealed FileDeploymentStore LocalStore => new(StateDirectory, EnvironmentsFile.Application, Context.Time);

    /// <summary>
    /// The environment for a verb. With mistakes in the file its application may be wrong too: nothing is said of an environment under a name
    /// under which nothing was ever deployed.
    /// </summary>
    internal sealed EnvironmentSpec Rescued(string name)
    {
        var environment = FindEnvironmentForRescue(name);
        if (!EnvironmentsFile.Problems.IsEmpty && StateDirectory.DirectoryExists() && !(StateDirectory / environment.Application / name).DirectoryExists())
        {
            var others = StateDirectory.GetDirectories().Where(x => (x / name).DirectoryExists()).Select(x => x.Name).ToList();
            if (others.Count > 0)
            {
                throw new UserErrorException(
                    $"The file's mistakes leave the application's name unclear: nothing of '{environment.Application}' was ever deployed to {name}, but of {string.Join(", ", others.Select(x => $"'{x}'"))}.",
                    $"Mend the line 'application:' in '{RootDirectory.GetUnixRelativePathTo(EnvironmentsPath)}'.")
                {
                    ExitCode = ExitCodes.Usage,
                };
            }
        }

        return environment;
    }

    internal sealed string Named(VerbArguments arguments) => arguments.SinglePositional ?? throw new UserErrorException(
        $"':{arguments.Verb}' needs the name of an environment.",
        $"There are: {string.Join(", ", EnvironmentsFile.Environments.Select(x => x.Name))}. Usage: :{arguments.Verb} {arguments.Usage}")
    {
        ExitCode = ExitCodes.Usage,
    };
}
