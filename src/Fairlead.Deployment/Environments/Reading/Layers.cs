using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Knows of each place in the file what it belongs to: an environment, a service of it, <c>'defaults'</c> or the file itself. Settings are
/// merged from several layers before they are read; by their places they are still told apart.
/// </summary>
sealed class Layers
{
    public const string File = "this file";
    public const string Defaults = "'defaults'";

    readonly Dictionary<SourceLocation, string> _titles = [];
    // An alias is the node of its anchor; a node is marked once, as a part of where it was written.
    readonly HashSet<YamlNode> _marked = new(ReferenceEqualityComparer.Instance);

    public static string Environment(string name) => $"environment '{name}'";

    public static string Service(string name, string owner) => $"service '{name}' of {owner}";

    public static Layers Of(YamlMap root)
    {
        var layers = new Layers();
        foreach (var (key, value) in root.Entries)
        {
            layers.Mark(key, File);
            if (key.Text == "environments" && value is YamlMap environments)
            {
                foreach (var (name, environment) in environments.Entries)
                    layers.MarkEnvironment(name, environment, Environment(name.Text));
            }
            else if (key.Text == "defaults")
            {
                layers.MarkEnvironment(key, value, Defaults);
            }
            else
            {
                layers.Mark(value, File);
            }
        }

        return layers;
    }

    /// <summary>What a place belongs to, or null.</summary>
    public string? TitleOf(SourceLocation where) => _titles.GetValueOrDefault(where);

    void MarkEnvironment(YamlScalar name, YamlNode node, string title)
    {
        Mark(name, title);
        if (node is not YamlMap map || !_marked.Add(map))
        {
            Mark(node, title);
            return;
        }

        _titles.TryAdd(map.Where, title);
        foreach (var (key, value) in map.Entries)
        {
            Mark(key, title);
            if (key.Text == "services" && value is YamlMap services && _marked.Add(services))
            {
                foreach (var (service, settings) in services.Entries)
                {
                    Mark(service, Service(service.Text, title));
                    Mark(settings, Service(service.Text, title));
                }
            }
            else
            {
                Mark(value, title);
            }
        }
    }

    void Mark(YamlNode node, string title)
    {
        if (!_marked.Add(node))
            return;
        _titles.TryAdd(node.Where, title);
        if (node is YamlMap map)
        {
            foreach (var (key, value) in map.Entries)
            {
                Mark(key, title);
                Mark(value, title);
            }
        }
        else if (node is YamlList list)
        {
            foreach (var item in list.Items)
                Mark(item, title);
        }
    }
}
