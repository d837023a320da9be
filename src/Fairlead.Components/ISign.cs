using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Signs the sealed release, and states how it was built.</summary>
public interface ISign : IHazRelease
{
    /// <summary>The private key in PEM, for build servers: what <c>./build.sh :keys</c> has written. By default the user's own key that the repository trusts.</summary>
    [Parameter("The private key that signs releases, in PEM")]
    [Secret]
    string? SigningKey => TryGetValue(() => SigningKey);

    /// <summary>The password of the key, when it has one.</summary>
    [Parameter("The password of the signing key")]
    [Secret]
    string? SigningKeyPassword => TryGetValue(() => SigningKeyPassword);

    /// <summary>A key that cosign knows, for instance one of a cloud's key management: what <c>cosign --key</c> gets.</summary>
    [Parameter("A key for cosign: awskms://…, azurekms://…, gcpkms://…, hashivault://…, or a file of its own")]
    string? CosignKey => TryGetValue(() => CosignKey);

    /// <summary>Signs. Without a key it is not done, which is said loudly; environments decide whether they accept that. Named on the command line it fails then.</summary>
    Target Sign => _ => _
        .Description("Signs the sealed release and states how it was built")
        .TryDependsOn<IPackage>(x => x.Package)
        .TryTriggeredBy<IPackage>(x => x.Package)
        .OnlyWhenStatic(() => ReleaseChoice is null || InvokedTargets.Contains(Sign), "a release that is named is taken as it is")
        .Executes(async cancellationToken =>
        {
            var release = LoadRelease();
            var manifest = release.ManifestOrThrow();
            var before = ReleaseVerifier.Verify(release, TrustedSigners);
            if (before.Signatures.Outcome == VerdictOutcome.Passed && before.Problems.IsEmpty)
            {
                Report($"{manifest.Version} is signed already. {before.Signatures.Summary}", LogLevel.Information);
                return;
            }

            // A signature says "this is what I made": never over something that does not verify.
            if (!before.Problems.IsEmpty && !before.IsInterrupted)
                throw new ProblemsException(before.Problems) { ExitCode = ExitCodes.Refused };
            if (!IsPackagedNow && !before.IsInterrupted && !InvokedTargets.Contains(Sign))
            {
                Report($"NOT DONE: {manifest.Version} was sealed by an earlier run, and is not signed. Look at it (./build.sh :inspect), and sign it: ./build.sh Sign", LogLevel.Warning);
                return;
            }

            if (CreateSigner() is not { } signer)
            {
                var why = $"There is no key to sign {manifest.Version} with.";
                var remedy = $"Make one with './build.sh :keys{(TrustedSigners.Keys.IsEmpty ? "" : " --new")}'; on a build server give it by the secret FAIRLEAD_SIGNING_KEY, or trust the identity of the run (docs/signing.md) and have cosign.";
                if (InvokedTargets.Contains(Sign))
                    throw new UserErrorException(why, remedy);
                Report($"NOT DONE: {why} {remedy}", LogLevel.Warning);
                return;
            }

            await ReleaseSigner.SignAsync(release, signer, cancellationToken);
            var after = ReleaseVerifier.Verify(release, TrustedSigners).Signatures;
            if (after.Outcome != VerdictOutcome.Passed)
                throw new UserErrorException($"{manifest.Version} is signed by {signer.Name}, but nobody here will believe it: {after.Summary}", "Put the public key into '.nuke/keys' and commit it (./build.sh :keys), or trust the identity that has signed (docs/signing.md).");
            Report(after.Summary, LogLevel.Information);

            void Report(string text, LogLevel level)
            {
                Context.Write(level, text);
                ReportSummary("Signatures", text);
            }
        });

    /// <summary>
    /// Who signs: the key of <see cref="SigningKey"/>; cosign with <see cref="CosignKey"/>; the user's own key that the repository trusts; cosign without a key, where the build server vouches for the run and the build trusts such
    /// identities. Null: nobody.
    /// </summary>
    ISigner? CreateSigner()
    {
        if (SigningKey is { Length: > 0 } pem)
            return new KeySigner(SupplyChain.SigningKey.Parse("SigningKey", pem, SigningKeyPassword));
        if (CosignKey is { Length: > 0 } cosignKey)
            return new CosignSigner(Context.Processes, cosignKey);
        foreach (var trusted in TrustedSigners.Keys)
        {
            var file = PrivateKeyFile(trusted.Name);
            if (!file.FileExists())
                continue;
            var key = SupplyChain.SigningKey.Parse(trusted.Name, file.ReadAllText(), SigningKeyPassword);
            if (key.PublicKey.Hint == trusted.Hint)
                return new KeySigner(key);
            key.Dispose();
            Context.Write(LogLevel.Warning, $"'{file}' is not the private part of '.nuke/keys/{trusted.Name}.pub'; it is of another repository, or was made anew.");
        }

        var isVouchedFor = TrustedSigners.Keyless is not null && Context.Environment.ContainsKey("ACTIONS_ID_TOKEN_REQUEST_URL") && ToolPath.Find("cosign", RootDirectory, Context.Environment.GetValueOrDefault("PATH")) is not null;
        return isVouchedFor ? new CosignSigner(Context.Processes) : null;
    }

    /// <summary>Name of the key that <c>:keys</c> makes when it is given none: the solution's, in lower case.</summary>
    string SigningKeyName => (this as IHazSolution)?.Solution.Name.ToLowerInvariant() ?? RootDirectory.Name.ToLowerInvariant();

    /// <summary><c>:keys [NAME] [--new]</c>.</summary>
    [Verb("keys", "Shows whose signatures count, and makes a key when there is none.", Usage = "[NAME] [--new]", Flags = ["new"])]
    Task ShowKeysAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var name = arguments.SinglePositional ?? SigningKeyName;
        if (name.Length == 0 || name.Any(x => !char.IsAsciiLetterOrDigit(x) && x is not ('-' or '_' or '.')) || name[0] == '.')
            throw new UserErrorException($"'{name}' cannot be the name of a key: it becomes the name of a file.", "Take letters, digits, '-', '_' and '.'.") { ExitCode = ExitCodes.Usage };
        var trusted = TrustedSigners;
        if (arguments.SinglePositional is not null && !trusted.Keys.IsEmpty && !arguments.Has("new") && trusted.Keys.All(x => x.Name != name))
            throw new UserErrorException($"There is no key '{name}'. Trusted: {string.Join(", ", trusted.Keys.Select(x => x.Name))}.", $"To make it: ./build.sh :keys {name} --new") { ExitCode = ExitCodes.Usage };
        if (trusted.Keys.IsEmpty || arguments.Has("new"))
            MakeKey(arguments.Has("new") && trusted.Keys.Any(x => x.Name == name) ? $"{name}-{Context.Time.GetUtcNow():yyyyMMdd}" : name);
        foreach (var key in SigningKeys.Trusted(RootDirectory).Keys)
            Context.Write(LogLevel.Information, $"{key}: trusted; {(PrivateKeyFile(key.Name) is var file && file.FileExists() ? $"its private part is yours, in '{file}'" : "its private part is not on this machine")}.");
        foreach (var identity in trusted.Keyless?.Identities ?? [])
            Context.Write(LogLevel.Information, $"{identity.Subject} (as {identity.Issuer} vouches): trusted, without a key.");
        return Task.CompletedTask;
    }

    private void MakeKey(string name)
    {
        var (privateFile, publicFile) = (PrivateKeyFile(name), SigningKeys.TrustedDirectory(RootDirectory) / $"{name}.pub");
        if (publicFile.FileExists())
            throw new UserErrorException($"There is a key of that name already: '{publicFile}'.", "Take another name: ./build.sh :keys NAME") { ExitCode = ExitCodes.Refused };
        using (var key = privateFile.FileExists() ? SupplyChain.SigningKey.Parse(name, privateFile.ReadAllText(), SigningKeyPassword) : SupplyChain.SigningKey.Create(name))
        {
            // The private part first: killed in between, the next call goes on with it.
            if (!privateFile.FileExists())
                SigningKeys.Keep(privateFile, key.ToPem(SigningKeyPassword));
            AtomicFile.Write(publicFile, key.PublicKey.ToPem());
        }

        Context.Write(LogLevel.Information, $"Made the key '{name}'. Commit its public part, '{RootDirectory.GetUnixRelativePathTo(publicFile)}': what it signs counts wherever this repository is checked out.");
        Context.Write(LogLevel.Information, $"Its private part is '{privateFile}'{(SigningKeyPassword is null ? ", without a password (FAIRLEAD_SIGNING_KEY_PASSWORD would have given it one)" : "")}. Keep a copy where nobody else reads it; a build server gets its content as the secret FAIRLEAD_SIGNING_KEY.");
    }

    private AbsolutePath PrivateKeyFile(string name) => SigningKeys.PrivateDirectory(x => Context.Environment.GetValueOrDefault(x)) / $"{name}.pem";

    private bool IsPackagedNow => this is IPackage package && SucceededTargets.Contains(package.Package);
}
