using System.Runtime.CompilerServices;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// The graphs of all projects, frameworks and runtimes in one, unmixed: two occurrences of a package are one node only when all that lies below them is the
/// same. Where frameworks or projects resolved something differently, what depends on it occurs once for each; a path through the graph is therefore always
/// a path of one restore.
/// </summary>
sealed class ResolvedGraph
{
    readonly Dictionary<string, Node> _interned = new(StringComparer.Ordinal);

    public List<Node> Nodes { get; } = [];

    /// <summary>The projects that were added, one node for each graph that differs.</summary>
    public SortedSet<int> Roots { get; } = [];

    /// <summary>Adds what restore resolved for a project.</summary>
    /// <param name="assets">What restore wrote.</param>
    /// <param name="isDelivered">Whether the project is; a test project is not.</param>
    public void Add(AssetsFile assets, bool isDelivered)
    {
        foreach (var target in assets.Targets)
            new Walk(this, assets, target).Add(isDelivered);
    }

    Node Intern(string identity, IReadOnlyCollection<int> children, Func<int, Node> create)
    {
        var key = $"{identity}\n{string.Join(',', children)}";
        if (_interned.TryGetValue(key, out var node))
            return node;
        node = create(Nodes.Count);
        Nodes.Add(node);
        return _interned[key] = node;
    }

    /// <summary>A component in one of its resolutions.</summary>
    public sealed class Node(int id, string identity, IEnumerable<int> children)
    {
        public int Id { get; } = id;

        /// <summary>The purl of a package or a pack, or the name of a project.</summary>
        public string Identity { get; } = identity;

        public SortedSet<int> Children { get; } = [.. children];

        /// <summary>The package or project; null for a framework's pack.</summary>
        public AssetsFile.Library? Library { get; init; }

        public FrameworkPack? Pack { get; init; }

        public IReadOnlyList<AbsolutePath> PackageFolders { get; init; } = [];

        /// <summary>The projects and targets that it occurs in.</summary>
        public SortedSet<(string Project, string Target)> Places { get; } = [];

        public bool IsProject => Pack is null && Library is not { IsPackage: true };

        public bool IsDirect { get; set; }

        public bool IsDelivered { get; set; }
    }

    sealed class Walk(ResolvedGraph graph, AssetsFile assets, AssetsFile.Target target)
    {
        // Restore resolves one version of a package for a target.
        readonly Dictionary<string, AssetsFile.Library> _libraries = target.Libraries.DistinctBy(x => x.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(x => x.Name, StringComparer.OrdinalIgnoreCase);
        readonly Dictionary<string, Node> _nodes = new(StringComparer.OrdinalIgnoreCase);
        readonly HashSet<string> _open = new(StringComparer.OrdinalIgnoreCase);

        public void Add(bool isDelivered)
        {
            var handedOn = NodesOf(target.Direct.Where(x => !x.IsPrivate).Select(x => x.Name));
            var own = NodesOf(target.Direct.Where(x => x.IsPrivate).Select(x => x.Name));
            var packs = FrameworkPack.Of(target).Select(PackNode).ToList();
            // A runtime that is delivered makes the project another one; that its framework is needed is said of it in any case.
            var delivered = packs.Where(x => x.Pack!.IsDelivered);
            var self = new AssetsFile.Library(assets.Project, "", IsPackage: false, Path: null, []) { Framework = target.Framework };
            var root = Project(self, Ids([.. handedOn, .. delivered]));
            root.Children.UnionWith(own.Concat(packs).Select(x => x.Id));
            root.IsDelivered |= isDelivered;
            graph.Roots.Add(root.Id);
            foreach (var node in handedOn.Concat(own))
                node.IsDirect = true;
            foreach (var library in target.Libraries)
                NodeOf(library.Name);
            foreach (var node in _nodes.Values)
                node.Places.Add((assets.Project, target.Name));
            if (isDelivered)
            {
                packs.ForEach(x => x.IsDelivered = true);
                Deliver(handedOn, own);
            }
        }

        // What is reached by a dependency that is handed on is delivered, and so is whatever else has files for the output. Analyzers never are.
        void Deliver(IEnumerable<Node> handedOn, IEnumerable<Node> own)
        {
            foreach (var node in Reachable(handedOn).Where(x => x.Library is not { IsAnalyzer: true }))
                node.IsDelivered = true;
            foreach (var node in Reachable(own).Where(x => x.Library is { HasRuntimeAssets: true } or { IsPackage: false }))
                node.IsDelivered = true;
        }

        HashSet<Node> Reachable(IEnumerable<Node> from)
        {
            var reached = new HashSet<Node>();
            var open = new Stack<Node>(from);
            while (open.TryPop(out var node))
            {
                if (reached.Add(node))
                    foreach (var child in node.Children)
                        open.Push(graph.Nodes[child]);
            }

            return reached;
        }

        List<Node> NodesOf(IEnumerable<string> names) => [.. names.Select(NodeOf).OfType<Node>().DistinctBy(x => x.Id)];

        // A dependency that is not in the target was left out by restore: the framework itself provides it.
        Node? NodeOf(string name)
        {
            if (_nodes.TryGetValue(name, out var node))
                return node;
            if (!_libraries.TryGetValue(name, out var library) || !_open.Add(library.Name))
                return null;
            RuntimeHelpers.EnsureSufficientExecutionStack();
            var children = Ids(NodesOf(library.Dependencies));
            _open.Remove(library.Name);
            node = library.IsPackage
                ? graph.Intern(PackageUrl.NuGet(library.Name, library.Version), children, id => new Node(id, PackageUrl.NuGet(library.Name, library.Version), children) { Library = library, PackageFolders = assets.PackageFolders })
                : Project(library, children);
            return _nodes[library.Name] = node;
        }

        Node Project(AssetsFile.Library library, IReadOnlyCollection<int> children)
        {
            var node = graph.Intern($"project:{library.Name} {library.Framework ?? target.Framework}", children, id => new Node(id, $"project:{library.Name}", children) { Library = library });
            node.Places.Add((assets.Project, target.Name));
            return node;
        }

        Node PackNode(FrameworkPack pack)
        {
            var identity = PackageUrl.NuGet(pack.Name, pack.Version);
            var node = graph.Intern(identity, [], id => new Node(id, identity, []) { Pack = pack, PackageFolders = assets.PackageFolders });
            node.Places.Add((assets.Project, target.Name));
            return node;
        }

        static SortedSet<int> Ids(IEnumerable<Node> nodes) => [.. nodes.Select(x => x.Id)];
    }
}
