using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>What <c>.nuke/environments.yml</c> says, validated as a whole.</summary>
public sealed record EnvironmentsFile
{
    /// <summary>The application's name.</summary>
    public required string Application { get; init; }

    /// <summary>The environments in the order of the file. Those with problems are left out or incomplete.</summary>
    public required ImmutableArray<EnvironmentSpec> Environments { get; init; }

    /// <summary>Where journal and lock of all of them are kept. By default in files on this machine.</summary>
    public StoreSpec Store { get; init; } = new();

    /// <summary>All mistakes, in the order of their places. Nothing must be deployed while there are any.</summary>
    public required ImmutableArray<Problem> Problems { get; init; }

    /// <summary>What the file alone says, before <see cref="Configured"/>; null when nothing was configured in C#.</summary>
    public EnvironmentsFile? AsRead { get; init; }

    /// <summary>Reads and validates the file's text. Throws for no mistake of the user's: they are all in <see cref="Problems"/>.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="fileName">Its name in messages, as the user would type it.</param>
    /// <param name="defaultApplication">The application's name when the file gives none.</param>
    public static EnvironmentsFile Parse(string text, string fileName, string defaultApplication) =>
        new EnvironmentsReader(fileName).Read(text, defaultApplication);

    /// <summary>
    /// The file with each environment changed in C# and checked again. A file with mistakes stays as it is: its environments are not whole.
    /// </summary>
    /// <param name="change">Makes the environment that applies. Neither application nor name can be changed: they name the state that is kept.</param>
    public EnvironmentsFile Configured(Func<EnvironmentSpec, EnvironmentSpec> change)
    {
        if (!Problems.IsEmpty)
            return this;
        var changed = Environments.Select(x => change(x) with { Application = x.Application, Name = x.Name }).ToImmutableArray();
        changed = [.. changed.Select(x => x.Bypass is { Groups.IsEmpty: true } bypass ? x with { Bypass = bypass with { Groups = x.Approvals.Groups } } : x)];
        // The file was in order, so its lines are not where to look.
        var problems = changed.SelectMany(x => x.Validate()).Select(x => x with { Message = $"After the change in C#: {x.Message}", Where = null });
        return this with { AsRead = this, Environments = changed, Problems = [.. problems] };
    }

    /// <summary>The environment of a name.</summary>
    /// <exception cref="UserErrorException">There is none; says which there are, and which one was probably meant.</exception>
    public EnvironmentSpec Environment(string name) =>
        Environments.FirstOrDefault(x => x.Name == name) ?? throw new UserErrorException(
            $"There is no environment '{name}'.",
            Suggestion.Sentence(name, Environments.Select(x => x.Name))
                ?? (Environments.IsEmpty ? "Add it under 'environments:'." : $"There are: {string.Join(", ", Environments.Select(x => x.Name))}."));
}
