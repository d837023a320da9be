using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Where keys are kept: public ones in the repository, so that everybody can verify; private ones with the user, outside of every clone.</summary>
public static class SigningKeys
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The directory of the trusted public keys: <c>.nuke/keys</c>, one <c>NAME.pub</c> in PEM for each.</summary>
    /// <param name="root">The root of the repository.</param>
    public static AbsolutePath TrustedDirectory(AbsolutePath root) => root / ".nuke" / "keys";

    /// <summary>The user's own directory: <c>$XDG_CONFIG_HOME/fairlead/keys</c> (by default below <c>~/.config</c>), or below <c>%APPDATA%</c>.</summary>
    /// <param name="variable">Gives an environment variable.</param>
    public static AbsolutePath PrivateDirectory(Func<string, string?> variable)
    {
        var configuration = OperatingSystem.IsWindows() ? variable("APPDATA")
            : variable("XDG_CONFIG_HOME") is { Length: > 0 } named && Path.IsPathRooted(named) ? named
            : variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config") : null;
        return configuration is { Length: > 0 }
            ? AbsolutePath.Create(configuration) / "fairlead" / "keys"
            : throw new UserErrorException("There is no home directory to keep a signing key in.", "Set HOME, or give the key by the parameter SigningKey.");
    }

    /// <summary>The keys whose signatures count.</summary>
    /// <param name="root">The root of the repository.</param>
    /// <exception cref="UserErrorException">A file is no public key.</exception>
    public static TrustedSigners Trusted(AbsolutePath root)
    {
        var directory = TrustedDirectory(root);
        return new TrustedSigners
        {
            Keys = directory.DirectoryExists()
                ? [.. directory.GetFiles("*.pub").OrderBy(x => x.Name, StringComparer.Ordinal).Select(x => VerificationKey.Parse(x.NameWithoutExtension, x.ReadAllText()))]
                : [],
        };
    }

    /// <summary>Keeps a private key for this user alone; an existing one is never overwritten.</summary>
    /// <exception cref="UserErrorException">There is one of that name.</exception>
    public static void Keep(AbsolutePath file, string pem)
    {
        file.Parent.CreateDirectory();
        var temporary = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = Private;
            using (var writer = new StreamWriter(temporary, options))
            {
                writer.Write(pem);
                writer.Flush();
                ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: false);
        }
        catch (IOException) when (file.FileExists())
        {
            throw new UserErrorException($"There is a key already: '{file}'.", "Keep it, or make another under another name: ./build.sh :keys NAME");
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
