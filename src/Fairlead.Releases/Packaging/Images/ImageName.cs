using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Names of images (OCI distribution specification 1.1, pulling manifests).</summary>
static partial class ImageName
{
    /// <exception cref="UserErrorException">Repository or tag have characters that registries refuse.</exception>
    public static void Check(string repository, string tag)
    {
        var (host, name) = Split(repository);
        if (!Name().IsMatch(name) || (host is not null && !Host().IsMatch(host)))
            throw new UserErrorException($"'{repository}' is no name of a repository.", "Registry, if any, and repository in lower-case letters, digits, '.', '_' and '-', parts divided by '/': registry.example/shop/web");
        if (!Tag().IsMatch(tag))
            throw new UserErrorException($"'{tag}' is no tag of an image.", "At most 128 letters, digits, '.', '_' and '-', not beginning with '.' or '-'.");
    }

    /// <summary>The registry, if the repository names one, and the name inside of it. The first part is a registry when it has a dot or a port, or is <c>localhost</c>.</summary>
    public static (string? Host, string Name) Split(string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : repository[..slash];
        return first == "localhost" || first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) ? (first, repository[(slash + 1)..]) : (null, repository);
    }

    /// <summary>Whether a host is Docker Hub, which answers under another name than images have.</summary>
    public static bool IsDockerHub(string host) => host is "docker.io" or "index.docker.io" or "registry-1.docker.io";

    [GeneratedRegex("^[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9.-]+(:[0-9]{1,5})?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Host();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();
}
