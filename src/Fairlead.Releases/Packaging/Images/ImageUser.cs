using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Whom an image runs as.</summary>
static class ImageUser
{
    /// <exception cref="UserErrorException">The image runs as root, or names nobody, which is the same.</exception>
    public static void Check(JsonObject config)
    {
        var user = ImageReader.Text(config["config"] as JsonObject, "User") ?? "";
        var name = user.Split(':')[0].Trim();
        // Container runtimes read numbers with a sign, and with zeros in front.
        var number = name.StartsWith('+') || name.StartsWith('-') ? name[1..] : name;
        if (name is "" or "root" || (number.Length > 0 && number.All(x => x == '0')))
        {
            throw new UserErrorException(
                name.Length == 0 ? "The image is refused: it names no user, so it runs as root." : $"The image is refused: it runs as '{user}', which is root.",
                "Take a base image with a user of its own (the .NET images from version 8 have 'app', number 1654), write USER into the Dockerfile, or set <ContainerUser>. If it must be root: IPackImages.AllowsRoot.");
        }
    }
}
