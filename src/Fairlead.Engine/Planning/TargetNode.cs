namespace Fairlead.Engine;

/// <summary>A target as planning sees it: names only, nothing that runs.</summary>
/// <param name="Name">Its name.</param>
public sealed record TargetNode(string Name)
{
    /// <summary>One sentence, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is listed.</summary>
    public bool Listed { get; init; } = true;

    /// <summary>Whether it has a body.</summary>
    public bool HasBody { get; init; } = true;

    /// <summary>What becomes of its dependencies when it is skipped.</summary>
    public DependencyBehavior WhenSkipped { get; init; } = DependencyBehavior.Execute;

    /// <summary>Whether it also runs after a failure.</summary>
    public bool AssuredAfterFailure { get; init; }

    /// <summary>Whether the others go on after its failure.</summary>
    public bool ProceedAfterFailure { get; init; }
}
