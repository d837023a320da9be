using System.Xml;
using System.Xml.Linq;

namespace Fairlead.Tooling;

/// <summary>A project file.</summary>
public sealed class Project
{
    const string DirectoryProps = "Directory.Build.props";

    Project(AbsolutePath path) => Path = path;

    /// <summary>The file.</summary>
    public AbsolutePath Path { get; }

    /// <summary>The file's directory.</summary>
    public AbsolutePath Directory => Path.Parent;

    /// <summary>The file's name without its extension.</summary>
    public string Name => Path.NameWithoutExtension;

    /// <summary>The project at a path.</summary>
    public static Project At(AbsolutePath path) => new(path);

    /// <summary>
    /// The target frameworks, as the project file says them itself, or else the nearest <c>Directory.Build.props</c> above it, and those that it
    /// imports from further above. MSBuild is not asked. Empty when none of them says any.
    /// </summary>
    /// <exception cref="UserErrorException">The file is missing, is no XML, or computes its frameworks.</exception>
    public IReadOnlyList<string> GetTargetFrameworks()
    {
        for (AbsolutePath? file = Path, directory = Directory; file is not null;)
        {
            var document = Load(file);
            var elements = document.Descendants().Where(x => x.Name.LocalName is "TargetFramework" or "TargetFrameworks").ToList();
            if (elements.Any(x => x.Value.Contains('$', StringComparison.Ordinal) || x.AncestorsAndSelf().Any(e => e.Attribute("Condition") is not null)))
            {
                throw new UserErrorException(
                    $"'{file}' makes the target frameworks depend on conditions or properties, which only MSBuild can tell.",
                    $"Ask it: dotnet msbuild {Path} -getProperty:TargetFrameworks");
            }

            if (elements.Count > 0)
                return [.. elements[^1].Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

            // MSBuild itself reads only the nearest one; others are read when it imports them.
            if (file != Path && !document.Descendants().Any(x => x.Name.LocalName == "Import"))
                return [];
            var above = directory?.FindParentOrSelf(x => (x / DirectoryProps).FileExists());
            file = above is null ? null : above / DirectoryProps;
            directory = above is null || above.Parent == above ? null : above.Parent;
        }

        return [];
    }

    /// <summary>The file's path, so that a project can stand where a path is wanted.</summary>
    public static implicit operator AbsolutePath(Project project) => project.Path;

    /// <summary>The file's path as text.</summary>
    public static implicit operator string(Project project) => project.Path.ToString();

    /// <summary>The file's path.</summary>
    public AbsolutePath ToAbsolutePath() => Path;

    /// <inheritdoc/>
    public override string ToString() => Path.ToString();

    static XDocument Load(AbsolutePath file)
    {
        if (!file.FileExists())
            throw new UserErrorException($"The project '{file}' does not exist.");
        try
        {
            return XDocument.Load(file);
        }
        catch (XmlException e)
        {
            throw new UserErrorException($"{new SourceLocation(file, e.LineNumber, e.LinePosition)}: this is no XML: {e.Message}", null, e);
        }
    }
}
