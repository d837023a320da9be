using Fairlead.Engine;
using Fairlead.Versioning;

namespace Fairlead.Components;

/// <summary>What versions are calculated from, once in a run, for whoever asks: components and <see cref="GitVersionAttribute"/>.</summary>
static class VersionSources
{
    extension(BuildContext context)
    {
        public RepositoryHistory History => context.Once(() => new RepositoryReader(context.Processes)
            .ReadAsync(context.RootDirectory, ServerCheckout.Detect(context.Variable), context.CancellationToken).GetAwaiter().GetResult());

        public VersioningConfiguration VersioningConfiguration => context.Once(() => VersioningConfigurationReader.Load(context.RootDirectory));

        public VersionRequest VersionRequest => new() { EnvironmentVariable = context.Variable };

        public string? Variable(string name) => context.Environment.GetValueOrDefault(name);
    }
}
