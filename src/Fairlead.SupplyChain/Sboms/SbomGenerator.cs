using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// Makes a bill of materials of what restore really resolved (<c>obj/project.assets.json</c>), with hashes and licences from the extracted
/// packages themselves. It starts nothing and asks no network; the same restored commit gives the same bytes on any machine with the same SDK.
/// </summary>
public static class SbomGenerator
{
    const int MissingNamed = 5;

    // Whoever refers to one of these is a test project.
    static readonly ImmutableArray<string> TestPackages = ["Microsoft.NET.Test.Sdk", "xunit.v3", "MSTest", "TUnit", "Microsoft.Testing.Platform.MSBuild"];

    /// <summary>Makes the bill. Whatever is missing makes the verdict fail; nothing is thrown for it.</summary>
    public static SbomResult Generate(SbomRequest request)
    {
        try
        {
            return Make(request);
        }
        catch (UserErrorException error)
        {
            return Failed(error.Remedy is null ? error.Message : $"{error.Message} {error.Remedy}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failed($"The files of a package cannot be read: {error.Message}");
        }
        catch (InsufficientExecutionStackException)
        {
            return Failed("The graph of the packages is nested too deeply to be real. Run 'dotnet restore' again.");
        }
    }

    static SbomResult Make(SbomRequest request)
    {
        // An application without packages is a small application; one without projects is none.
        if (request.Projects.IsDefaultOrEmpty)
            return Failed("No project of the application was named: there is nothing to list.");
        if (request.Licence is not null && !LicenceExpression.TryParse(request.Licence, out _, out var mistake))
            return Failed($"The application's own licence '{request.Licence}' is no licence expression: {mistake}");

        var assets = request.Projects.Distinct().Select(x => (Project: x, File: AssetsFile.Read(x))).OrderBy(x => x.File.Project, StringComparer.Ordinal).ToList();
        foreach (var (project, file) in assets)
        {
            if (file.Errors is [var error, ..])
                throw new UserErrorException($"The last restore of '{project.Name}' failed: {error}");
            if (LockFile.Difference(project, file) is { } difference)
                throw new UserErrorException(difference, "Run 'dotnet restore' and commit the lock file, so that what is listed is what everybody gets.");
        }

        var tests = assets.Where(x => x.File.Targets.Any(IsTest)).ToList();
        var graph = new ResolvedGraph();
        foreach (var entry in assets)
            graph.Add(entry.File, isDelivered: tests.Count == assets.Count || !tests.Contains(entry));
        var packages = ReadPackages(graph);
        // Some packages say themselves that they are for development, and get nothing into the output.
        foreach (var node in graph.Nodes.Where(x => x.Library is { IsPackage: true, HasRuntimeAssets: false } && packages[x.Identity].IsDevelopmentDependency))
            node.IsDelivered = false;
        var sbom = Bill(request, graph, packages);
        return Passed(sbom, graph);
    }

    static bool IsTest(AssetsFile.Target target) => target.Direct.Any(x => TestPackages.Contains(x.Name, StringComparer.OrdinalIgnoreCase));

    static ConcurrentDictionary<string, PackageFiles> ReadPackages(ResolvedGraph graph)
    {
        var read = new ConcurrentDictionary<string, PackageFiles>(StringComparer.Ordinal);
        var missing = new ConcurrentBag<string>();
        var unreadable = new ConcurrentBag<string>();
        Parallel.ForEach(graph.Nodes.Where(x => !x.IsProject).DistinctBy(x => x.Identity), node =>
        {
            try
            {
                if (Files(node) is { } files)
                    read[node.Identity] = files;
                else
                    missing.Add($"{node.Library?.Name ?? node.Pack!.Name} {node.Library?.Version ?? node.Pack!.Version}");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                unreadable.Add(exception.Message);
            }
        });
        if (!missing.IsEmpty)
        {
            var names = missing.Order(StringComparer.OrdinalIgnoreCase).ToList();
            var more = names.Count > MissingNamed ? $" and {names.Count - MissingNamed} more" : "";
            throw new UserErrorException(
                names is [var one] ? $"The package {one} is not in the package folder, so its hash is not known." : $"The packages {string.Join(", ", names.Take(MissingNamed))}{more} are not in the package folder, so their hashes are not known.",
                "Run 'dotnet restore' again.");
        }

        return unreadable.IsEmpty ? read : throw new UserErrorException($"The files of a package cannot be read: {unreadable.Order(StringComparer.Ordinal).First()}");
    }

    static PackageFiles? Files(ResolvedGraph.Node node)
    {
        if (node.Pack is { Directory: not null } installed)
            return installed.ReadInstalled();
        var (name, version) = node.Pack is { } pack ? (pack.Name, pack.Version) : (node.Library!.Name, node.Library.Version);
        var path = node.Library?.Path ?? $"{name.ToLowerInvariant()}/{version.ToLowerInvariant()}";
        return node.PackageFolders.Select(x => PackageFiles.Read(x / path, name, version)).FirstOrDefault(x => x is not null);
    }

    static Sbom Bill(SbomRequest request, ResolvedGraph graph, IReadOnlyDictionary<string, PackageFiles> packages)
    {
        var references = References(graph);
        var subject = Subject(request);
        var dependencies = graph.Nodes.ToImmutableSortedDictionary(x => references[x.Id], x => x.Children.Select(y => references[y]).ToImmutableSortedSet(StringComparer.Ordinal), StringComparer.Ordinal);
        return new Sbom
        {
            Subject = subject,
            Components = [.. graph.Nodes.Select(x => Component(request, x, references[x.Id], packages)).OrderBy(x => x.Reference, StringComparer.Ordinal)],
            Dependencies = dependencies.SetItem(subject.Reference, graph.Roots.Select(x => references[x]).ToImmutableSortedSet(StringComparer.Ordinal)),
            SerialNumber = SerialNumber(request),
            Timestamp = request.CommitTime.ToUniversalTime(),
            Author = request.Author ?? request.Supplier,
            Tools = [new SbomTool("Fairlead", typeof(SbomGenerator).Assembly.GetName().Version!.ToString(3))],
            Lifecycle = "build",
        };
    }

    static SbomComponent Subject(SbomRequest request) => new(
        $"{request.Kind switch { SbomSubjectKind.Library => "library", SbomSubjectKind.Image => "image", _ => "application" }}:{request.Name}@{request.Version}",
        request.Kind switch { SbomSubjectKind.Library => SbomComponentKind.Library, SbomSubjectKind.Image => SbomComponentKind.Container, _ => SbomComponentKind.Application },
        request.Name,
        request.Version)
    {
        Purl = request.Purl ?? (request.Kind == SbomSubjectKind.Library ? PackageUrl.NuGet(request.Name, request.Version) : PackageUrl.Generic(request.Name, request.Version)),
        Supplier = request.Supplier,
        Authors = request.Supplier is { } supplier ? [supplier.Name] : [],
        Licences = request.Licence is { } licence ? [new SbomLicence(LicenceExpression.Parse(licence).ToString())] : [],
        Copyright = request.Copyright,
        References = request.VcsUrl is { } url ? [new SbomReference("vcs", url, request.Commit)] : [],
        Properties = [new SbomProperty(SbomProperties.Commit, request.Commit)],
    };

    static SbomComponent Component(SbomRequest request, ResolvedGraph.Node node, string reference, IReadOnlyDictionary<string, PackageFiles> packages)
    {
        var frameworks = node.Places.Select(x => x.Target).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(x => new SbomProperty(SbomProperties.Framework, x));
        var scope = node.IsDelivered ? SbomScope.Required : SbomScope.Excluded;
        if (node.IsProject)
        {
            var subject = Subject(request);
            return new SbomComponent(reference, SbomComponentKind.Library, node.Library!.Name, request.Version)
            {
                Purl = PackageUrl.Generic(node.Library.Name, request.Version),
                IsPart = true,
                Scope = scope,
                Supplier = subject.Supplier,
                Authors = subject.Authors,
                Licences = subject.Licences,
                Copyright = subject.Copyright,
                Properties = [new SbomProperty(SbomProperties.Framework, node.Library.Framework ?? node.Places.Min.Target), new SbomProperty(SbomProperties.Project, node.Library.Name)],
            };
        }

        var files = packages[node.Identity];
        var (name, version) = node.Pack is { } pack ? (pack.Name, pack.Version) : (node.Library!.Name, node.Library.Version);
        return new SbomComponent(reference, node.Pack is null ? SbomComponentKind.Library : SbomComponentKind.Framework, name, version)
        {
            Purl = node.Identity,
            Scope = scope,
            Authors = files.Authors,
            Supplier = files.Authors.IsEmpty ? null : new SbomParty(string.Join(", ", files.Authors)),
            Hashes = [new SbomHash("SHA-512", files.Sha512)],
            Licences = files.Licence is { } licence ? [licence] : [],
            Copyright = files.Copyright,
            Description = files.Description,
            References = files.References,
            Properties = [.. Facts(node), .. frameworks],
        };
    }

    static IEnumerable<SbomProperty> Facts(ResolvedGraph.Node node)
    {
        yield return new SbomProperty(SbomProperties.Dependency, node.IsDirect || node.Pack is not null ? SbomProperties.Direct : SbomProperties.Transitive);
        if (!node.IsDelivered)
            yield return new SbomProperty(SbomProperties.Development, "true");
        if (node.Pack is { IsDelivered: false })
            yield return new SbomProperty(SbomProperties.Provided, "by the machine that it runs on; this is what it was compiled against");
        if (node.Pack is { Directory: not null })
            yield return new SbomProperty(SbomProperties.HashOf, "the output of sha512sum for ref/**/*.dll in the order of their paths");
    }

    // A component that occurs once has its plain reference; several are told apart by the first place they occur in.
    static Dictionary<int, string> References(ResolvedGraph graph)
    {
        var references = new Dictionary<int, string>();
        foreach (var group in graph.Nodes.GroupBy(x => x.Identity, StringComparer.OrdinalIgnoreCase))
        {
            var nodes = group.OrderBy(x => x.Places.Min).ThenBy(x => x.Library?.Framework, StringComparer.Ordinal).ToList();
            if (nodes is [var only])
            {
                references[only.Id] = only.Identity;
                continue;
            }

            var byTarget = nodes.Select(x => x.Places.Min.Target).Distinct(StringComparer.Ordinal).Count() == nodes.Count;
            var taken = new HashSet<string>(StringComparer.Ordinal);
            foreach (var node in nodes)
            {
                var place = node.Places.Min;
                var reference = $"{node.Identity}|{(byTarget ? place.Target : $"{place.Project}/{place.Target}")}";
                for (var number = 2; !taken.Add(reference); number++)
                    reference = $"{node.Identity}|{place.Project}/{place.Target}/{number}";
                references[node.Id] = reference;
            }
        }

        return references;
    }

    static SbomResult Passed(Sbom sbom, ResolvedGraph graph)
    {
        var packages = graph.Nodes.Where(x => x is { IsProject: false, Pack: null }).GroupBy(x => x.Identity, StringComparer.OrdinalIgnoreCase).ToList();
        var projects = graph.Nodes.Where(x => x.IsProject).DistinctBy(x => x.Identity).Count();
        var unlicensed = sbom.Components.Where(x => !x.IsPart && !x.Licences.Any(IsKnown)).DistinctBy(x => x.Purl).Count();
        var completeness = SbomCompleteness.Check(sbom);
        var summary = $"{Count(packages.Count, "package")} ({packages.Count(x => x.Any(y => y.IsDirect))} direct, {packages.Count(x => !x.Any(y => y.IsDelivered))} for development only) in "
            + $"{Count(projects, "project")}, all with SHA-512; {(unlicensed == 0 ? "none" : unlicensed)} without a licence on the SPDX list. {completeness.Summary}";
        var figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["packages"] = packages.Count, ["projects"] = projects, ["unlicensed"] = unlicensed, ["gaps"] = completeness.Gaps.Length };
        return new SbomResult(new Verdict(VerdictKinds.Sbom, VerdictOutcome.Passed, Printable.Line(summary)) { Figures = figures }, CycloneDxWriter.Write(sbom), packages.Count)
        {
            Spdx = SpdxWriter.Write(sbom),
            Sbom = sbom,
            Completeness = completeness,
        };
    }

    static bool IsKnown(SbomLicence licence) => LicenceExpression.TryParse(licence.Expression, out var expression, out _) && expression.Licences().All(x => x.IsKnown);

    // A UUID of version 8 (RFC 9562, section 5.8): the bits are ours to choose, so the same release has the same number.
    static Guid SerialNumber(SbomRequest request)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Kind}\n{request.Name}\n{request.Version}\n{request.Commit}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    static SbomResult Failed(string why) => new(new Verdict(VerdictKinds.Sbom, VerdictOutcome.Failed, Printable.Line(why)), Json: null, Packages: 0);
}
