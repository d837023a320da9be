using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// Makes a bill of materials of what restore really resolved (<c>obj/project.assets.json</c>), with hashes and licences from the extracted
/// packages themselves. It starts nothing and asks no network; the same restored commit gives the same bytes on any machine.
/// </summary>
public static class SbomGenerator
{
    /// <summary>Makes the bill. Whatever is missing makes the verdict fail; nothing is thrown for it.</summary>
    public static SbomResult Generate(SbomRequest request)
    {
        var components = new Dictionary<string, SbomComponent>(StringComparer.Ordinal);
        var roots = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (var project in request.Projects)
                roots.Add(AddProject(components, project, request.Version));
        }
        catch (UserErrorException error)
        {
            return Failed(error.Remedy is null ? error.Message : $"{error.Message} {error.Remedy}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failed($"The files of a package cannot be read: {error.Message}");
        }

        var packages = components.Values.Count(x => x.IsPackage);
        // An application without packages is a small application; one without projects is none.
        if (components.Count == 0)
            return Failed("No project of the application was named: there is nothing to list.");
        var unlicensed = components.Values.Count(x => x.Package is { LicenceExpression: null });
        var summary = $"{Count(packages, "package")} ({components.Values.Count(x => x.IsPackage && x.IsDirect)} direct) in "
            + $"{Count(components.Count - packages, "project")}, all with SHA-512; {(unlicensed == 0 ? "none" : unlicensed)} without a licence expression.";
        return new SbomResult(
            new Verdict(VerdictKinds.Sbom, VerdictOutcome.Passed, summary),
            CycloneDx.Write(request, roots, [.. components.Values.OrderBy(x => x.Reference, StringComparer.Ordinal)]),
            packages);
    }

    /// <returns>The reference of the project itself.</returns>
    static string AddProject(Dictionary<string, SbomComponent> components, AbsolutePath project, string version)
    {
        var assets = Read(project);
        if (assets.Errors is [var error, ..])
            throw new UserErrorException($"The last restore of '{project.Name}' failed: {error}");
        var self = new SbomComponent(ProjectReference(assets.Project), assets.Project, version, IsPackage: false, Package: null);
        foreach (var target in assets.Targets)
        {
            var known = target.ToDictionary(x => x.Name, x => Component(x, assets, version), StringComparer.OrdinalIgnoreCase);
            // A dependency that is not in the target was left out by restore: the framework itself provides it.
            IEnumerable<string> References(IEnumerable<string> names) => names.Where(known.ContainsKey).Select(x => known[x].Reference);

            var direct = References(assets.Direct).ToHashSet(StringComparer.Ordinal);
            Merge(components, self with { DependsOn = self.DependsOn.Union(direct) });
            foreach (var library in target)
            {
                var component = known[library.Name];
                Merge(components, component with
                {
                    IsDirect = direct.Contains(component.Reference),
                    DependsOn = component.DependsOn.Union(References(library.Dependencies)),
                });
            }
        }

        return self.Reference;
    }

    // One package may appear for several frameworks, runtimes and projects.
    static void Merge(Dictionary<string, SbomComponent> components, SbomComponent component) =>
        components[component.Reference] = components.TryGetValue(component.Reference, out var there)
            ? there with { IsDirect = there.IsDirect || component.IsDirect, DependsOn = there.DependsOn.Union(component.DependsOn) }
            : component;

    static SbomComponent Component(AssetsFile.Library library, AssetsFile assets, string version)
    {
        if (!library.IsPackage)
            return new SbomComponent(ProjectReference(library.Name), library.Name, version, IsPackage: false, Package: null);
        var files = assets.PackageFolders.Select(x => PackageFiles.Read(x / (library.Path ?? ""))).FirstOrDefault(x => x is not null)
            ?? throw new UserErrorException(
                $"The package {library.Name} {library.Version} is not in the package folder, so its hash is not known.", "Run 'dotnet restore' again.");
        var purl = $"pkg:nuget/{Uri.EscapeDataString(library.Name)}@{Uri.EscapeDataString(library.Version)}";
        return new SbomComponent(purl, library.Name, library.Version, IsPackage: true, files);
    }

    static AssetsFile Read(AbsolutePath project)
    {
        var file = AssetsFile.Of(project);
        if (!file.FileExists())
            throw new UserErrorException($"The project '{project.Name}' is not restored: there is no '{file.Parent.Name}/{file.Name}' beside it.", "Run 'dotnet restore'.");
        try
        {
            return AssetsFile.Parse(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{file.Name}' of '{project.Name}' cannot be read: {exception.Message}", "Run 'dotnet restore' again.", exception);
        }
    }

    static string ProjectReference(string name) => $"project:{name}";

    static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    static SbomResult Failed(string why) => new(new Verdict(VerdictKinds.Sbom, VerdictOutcome.Failed, why), Json: null, Packages: 0);
}
