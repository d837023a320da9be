using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>Settings of a <c>dotnet</c> command: an immutable value, every <c>Set…</c> gives a new one.</summary>
/// <typeparam name="TSelf">The settings themselves.</typeparam>
public abstract record DotNetSettings<TSelf>
    where TSelf : DotNetSettings<TSelf>
{
    /// <summary>Project or solution; by default what the CLI finds in the working directory.</summary>
    public string? ProjectFile { get; init; }

    /// <summary>Where to start; by default the root directory.</summary>
    public AbsolutePath? WorkingDirectory { get; init; }

    /// <summary>Variables to set or (null) to remove.</summary>
    public ImmutableSortedDictionary<string, string?> EnvironmentVariables { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;

    /// <summary>MSBuild properties.</summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary><c>--verbosity</c>: quiet, minimal, normal, detailed or diagnostic.</summary>
    public string? Verbosity { get; init; }

    /// <summary>Further arguments, as they are.</summary>
    public ImmutableArray<string> AdditionalArguments { get; init; } = [];

    /// <summary>After this time the command and all it started is killed.</summary>
    public TimeSpan? ExecutionTimeout { get; init; }

    /// <summary>Project or solution.</summary>
    public TSelf SetProjectFile(string? value) => (TSelf)(this with { ProjectFile = value });

    /// <summary>Project or solution.</summary>
    public TSelf SetProject(string? value) => SetProjectFile(value);

    /// <summary>Where to start.</summary>
    public TSelf SetProcessWorkingDirectory(AbsolutePath? value) => (TSelf)(this with { WorkingDirectory = value });

    /// <summary>Sets a variable.</summary>
    public TSelf SetProcessEnvironmentVariable(string name, string? value) => (TSelf)(this with { EnvironmentVariables = EnvironmentVariables.SetItem(name, value) });

    /// <summary>Adds arguments, one element each.</summary>
    public TSelf AddProcessAdditionalArguments(params string[] values) => (TSelf)(this with { AdditionalArguments = AdditionalArguments.AddRange(values) });

    /// <summary>Replaces the further arguments, one element each.</summary>
    public TSelf SetProcessAdditionalArguments(params string[] values) => (TSelf)(this with { AdditionalArguments = [.. values] });

    /// <summary>Limits the time.</summary>
    public TSelf SetProcessExecutionTimeout(TimeSpan? value) => (TSelf)(this with { ExecutionTimeout = value });

    /// <summary>Sets an MSBuild property.</summary>
    public TSelf SetProperty(string name, object value) => (TSelf)(this with { Properties = Properties.SetItem(name, value is bool flag ? (flag ? "true" : "false") : $"{value}") });

    /// <summary>Sets an MSBuild property.</summary>
    public TSelf AddProperty(string name, object value) => SetProperty(name, value);

    /// <summary>Removes all MSBuild properties.</summary>
    public TSelf ClearProperties() => (TSelf)(this with { Properties = Properties.Clear() });

    /// <summary>quiet, minimal, normal, detailed or diagnostic.</summary>
    public TSelf SetVerbosity(string? value) => (TSelf)(this with { Verbosity = value });

    /// <summary>Says nothing about verbosity.</summary>
    public TSelf ResetVerbosity() => SetVerbosity(null);

    /// <summary>Version of assemblies and packages.</summary>
    public virtual TSelf SetVersion(string? value) => value is null ? (TSelf)this : SetProperty("Version", value);

    /// <summary>Version of the assembly.</summary>
    public TSelf SetAssemblyVersion(string? value) => value is null ? (TSelf)this : SetProperty("AssemblyVersion", value);

    /// <summary>Version of the file.</summary>
    public TSelf SetFileVersion(string? value) => value is null ? (TSelf)this : SetProperty("FileVersion", value);

    /// <summary>Version for people.</summary>
    public TSelf SetInformationalVersion(string? value) => value is null ? (TSelf)this : SetProperty("InformationalVersion", value);

    /// <summary>Address of the repository, for packages.</summary>
    public TSelf SetRepositoryUrl(string? value) => value is null ? (TSelf)this : SetProperty("RepositoryUrl", value);

    /// <summary>Builds as on a build server: paths in debug information do not depend on the machine.</summary>
    public TSelf EnableContinuousIntegrationBuild() => SetProperty("ContinuousIntegrationBuild", true);

    /// <summary>The command line; nothing is run.</summary>
    public ToolCommand ToCommand()
    {
        var command = DotNet.Command([.. Verb, .. Arguments(), .. Option("--verbosity", Verbosity), .. DotNet.Properties(Properties), .. AdditionalArguments, .. Trailing]);
        return command with
        {
            WorkingDirectory = WorkingDirectory,
            Timeout = ExecutionTimeout,
            Environment = command.Environment.SetItems(EnvironmentVariables),
            Secrets = Secrets,
        };
    }

    private protected abstract IEnumerable<string> Verb { get; }

    private protected virtual IEnumerable<string> Trailing => [];

    private protected virtual ImmutableArray<string> Secrets => [];

    private protected virtual IEnumerable<string> Arguments() => ProjectFile is null ? [] : [ProjectFile];

    private protected static IEnumerable<string> Option(string name, string? value) => value is null ? [] : [name, value];

    private protected static IEnumerable<string> Flag(string name, bool value) => value ? [name] : [];
}
