using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>Injects the git repository that the root directory is in; null when there is none.</summary>
public sealed class GitRepositoryAttribute : ValueInjectionAttribute
{
    /// <inheritdoc/>
    public override object? GetValue(BuildContext context) => GitRepository.Find(context.RootDirectory, context.Processes);
}
