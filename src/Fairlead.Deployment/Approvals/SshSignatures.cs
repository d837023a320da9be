using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Signatures by <c>ssh-keygen -Y</c> (OpenSSH 8.9 or newer), which knows keys in files, in an agent and on tokens, expiry, namespaces and
/// certificates. What it reads is put into a directory that is this user's alone, and is gone afterwards.
/// </summary>
/// <param name="processes">Starts it.</param>
sealed class SshSignatures(IProcessRunner processes)
{
    const string Tool = "ssh-keygen";
    const string InstallIt = "Install OpenSSH (Debian: openssh-client; Windows: the optional feature 'OpenSSH Client').";
    const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // Somebody has to touch a token.
    static readonly TimeSpan SigningLimit = TimeSpan.FromMinutes(1);

    /// <summary>Signs a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The private key, or the public one of a key in an agent.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">It could not be signed.</exception>
    public async Task<SignedApproval> SignAsync(string text, AbsolutePath key, CancellationToken cancellationToken)
    {
        // Without a terminal of its own nothing may ask for a passphrase.
        var command = Command(["-Y", "sign", "-q", "-n", ApprovalStatement.Namespace, "-f", key], text) with { Timeout = SigningLimit };
        var (exit, output, errors) = await RunAsync(command.WithEnvironment("SSH_ASKPASS_REQUIRE", "never").WithEnvironment("SSH_ASKPASS", null).WithEnvironment("DISPLAY", null), cancellationToken);
        if (exit == 0 && SignatureArmour.Normalise(output) is { } signature)
            return new SignedApproval(text, signature);
        if (errors.Contains("passphrase", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException($"The key '{key}' has a passphrase, and nothing here asks for it.", $"Add it to your agent: ssh-add {key}. Then run this again.");
        if (errors.Contains("UNPROTECTED", StringComparison.Ordinal) || errors.Contains("bad permissions", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException($"The key '{key}' can be read by others, so that ssh-keygen does not use it.", $"chmod 600 {key}");
        if (errors.Contains("agent", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException($"The key '{key}' is not in your agent.", "Add it: ssh-add, and see what it has: ssh-add -l");
        throw new UserErrorException($"'{key}' did not sign: {LastLine(errors) ?? $"ssh-keygen ended with exit code {exit}"}", "Name another key: --key FILE");
    }

    /// <summary>Who signed an approval. Whatever was signed, by whomever: it throws for none.</summary>
    /// <param name="approval">What was signed.</param>
    /// <param name="files">Whose keys count.</param>
    /// <param name="at">The time at which keys must be valid.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UserErrorException">ssh-keygen is not there.</exception>
    public async Task<SignatureFinding> FindSignerAsync(SignedApproval approval, SignerFiles files, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (approval is not { Statement: not null, Signature: not null } || !SignatureArmour.IsWhole(approval.Signature))
            return SignatureFinding.None("its signature cannot be read, or was changed", "Sign again.");
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-signers-").FullName);
        try
        {
            var (signature, allowed, revoked) = (directory / "signature", directory / "allowed", directory / "revoked");
            Write(signature, Encoding.UTF8.GetBytes(approval.Signature));
            Write(allowed, files.Allowed);
            if (files.Revoked is not null)
                Write(revoked, files.Revoked);
            return await FindAsync(approval.Statement, files, signature, allowed, files.Revoked is null ? null : revoked, at, cancellationToken);
        }
        finally
        {
            directory.DeleteDirectory();
        }
    }

    async Task<SignatureFinding> FindAsync(string text, SignerFiles files, AbsolutePath signature, AbsolutePath allowed, AbsolutePath? revoked, DateTimeOffset time, CancellationToken cancellationToken)
    {
        string[] named = ["-n", ApprovalStatement.Namespace, "-s", signature];
        var known = await RunAsync(Command(["-Y", "check-novalidate", .. named], text), cancellationToken);
        if (known.ExitCode != 0)
        {
            return known.Errors.Contains("namespace does not match", StringComparison.Ordinal) ? SignatureFinding.None($"what was signed was not meant as an approval (namespace '{ApprovalStatement.Namespace}')", "Sign with ':approve'.")
                : known.Errors.Contains("incorrect signature", StringComparison.Ordinal) ? SignatureFinding.None("its signature is of another text: it was changed", "Sign again.")
                : SignatureFinding.None("its signature cannot be read, or was changed", "Sign again.");
        }

        var key = known.Output.Split(' ', '\n').FirstOrDefault(x => x.StartsWith("SHA256:", StringComparison.Ordinal)) ?? "key";
        var at = $"-Overify-time={time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
        var found = await RunAsync(Command(["-Y", "find-principals", "-s", signature, "-f", allowed, at], null), cancellationToken);
        ImmutableArray<string> principals = [.. found.Output.Split(['\n', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (found.ExitCode != 0 || principals.IsEmpty)
        {
            return found.Errors.Contains("expired", StringComparison.OrdinalIgnoreCase) ? SignatureFinding.None($"the key {key} has expired", $"Its owner needs a key that is valid in {files.Path}.")
                : found.Errors.Contains("not yet valid", StringComparison.OrdinalIgnoreCase) ? SignatureFinding.None($"the key {key} is not valid yet", $"See its 'valid-after' in {files.Path}.")
                : SignatureFinding.None($"the key {key} is not in {files.Path}", "A line for it has to be merged there, before the release that it is to approve.");
        }

        if (principals.All(AllowedSigners.IsPattern))
            return SignatureFinding.None($"the line of the key {key} in {files.Path} names nobody, but the pattern '{principals[0]}'", "Give each key a line with its owner's address.");
        principals = [.. principals.Where(x => !AllowedSigners.IsPattern(x))];
        string[] verify = ["-Y", "verify", "-f", allowed, "-I", principals[0], .. named, at];
        if ((await RunAsync(Command([.. verify, .. revoked is null ? (string[])[] : ["-r", revoked]], text), cancellationToken)).ExitCode == 0)
            return SignatureFinding.By(principals);
        var unrevoked = await RunAsync(Command(verify, text), cancellationToken);
        return unrevoked.ExitCode == 0 ? SignatureFinding.None($"the key {key} of {principals[0]} was revoked, or the list of revoked keys cannot be read", $"{principals[0]} needs another key in {files.Path}.")
            : unrevoked.Errors.Contains("namespace", StringComparison.Ordinal) ? SignatureFinding.None($"the key {key} of {principals[0]} is not for approvals", $"Its 'namespaces=' in {files.Path} would have to list '{ApprovalStatement.Namespace}'.")
            : SignatureFinding.None($"the key {key} of {principals[0]} does not count: {LastLine(unrevoked.Errors) ?? "ssh-keygen refused it"}", $"See its line in {files.Path}.");
    }

    // Times in the file of the keys are meant the same on all machines.
    static ToolCommand Command(string[] arguments, string? input) =>
        new ToolCommand(Tool, [.. arguments]) { StandardInput = input, Timeout = Limit, SuccessExitCodes = [] }.WithEnvironment("TZ", "UTC").WithEnvironment("LC_ALL", "C");

    // Not through the redactor: a signature that was changed is none.
    async Task<(int ExitCode, string Output, string Errors)> RunAsync(ToolCommand command, CancellationToken cancellationToken)
    {
        try
        {
            using var output = new MemoryStream();
            var result = await processes.ReadAsync(command, output.Write, cancellationToken);
            return (result.ExitCode, Encoding.UTF8.GetString(output.ToArray()), result.StandardError);
        }
        catch (ToolNotFoundException exception)
        {
            throw new ToolNotFoundException(exception.Tool, $"Approvals are signed and checked by it. {InstallIt}");
        }
    }

    static string? LastLine(string errors) => errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();

    static void Write(AbsolutePath file, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnFile;
        using var stream = new FileStream(file, options);
        stream.Write(content);
    }
}
