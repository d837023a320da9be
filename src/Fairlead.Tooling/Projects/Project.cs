namespace Fairlead.Tooling;

/// <summary>A project file.</summary>
public sealed class Project
{
    Project(AbsolutePath path) => Path = path;

    /// <summary>The file.</summary>
    public AbsolutePath Path { get; }

    /// <summary>The file's directory.</summary>
    public AbsolutePath Directory => Path.Parent;

    /// <summary>The file's name without its extension.</summary>
    public string Name => Path.NameWithoutExtension;

    /// <summary>The project at a path.</summary>
    public static Project At(AbsolutePath path) => new(path);

    /// <summary>The file's path, so that a project can stand where a path is wanted.</summary>
    public static implicit operator AbsolutePath(Project project) => project.Path;

    /// <summary>The file's path as text.</summary>
    public static implicit operator string(Project project) => project.Path.ToString();

    /// <summary>The file's path.</summary>
    public AbsolutePath ToAbsolutePath() => Path;

    /// <inheritdoc/>
    public override string ToString() => Path.ToString();
}
