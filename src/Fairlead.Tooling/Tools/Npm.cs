namespace Fairlead.Tooling;

/// <summary>Builds command lines of npm and runs nothing. Every command is without scripts, news and advertisements.</summary>
public static class Npm
{
    /// <summary>Any npm command.</summary>
    public static ToolCommand Command(params IEnumerable<string> arguments) =>
        new("npm", [.. arguments, "--no-update-notifier", "--no-fund", "--no-audit"]);

    /// <summary><c>npm pack</c>: what is packed is what is there, because a package's own scripts do not run.</summary>
    /// <param name="directory">The directory of <c>package.json</c>.</param>
    /// <param name="destination">The directory that receives the <c>.tgz</c>.</param>
    public static ToolCommand Pack(AbsolutePath directory, AbsolutePath destination) =>
        Command("pack", "--ignore-scripts", "--pack-destination", destination).In(directory);
}
