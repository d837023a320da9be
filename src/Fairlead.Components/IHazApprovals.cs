using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Asks people for their consent, and takes it.</summary>
public interface IHazApprovals : IHazRelease, IHazDeploymentStore
{
    private static readonly ImmutableArray<string> UsualKeys = ["id_ed25519", "id_ecdsa", "id_ed25519_sk", "id_ecdsa_sk", "id_rsa"];

    /// <summary>Where rules and keys are read from: the main branch of <c>origin</c>, or what <see cref="ProtectedPolicy.Variable"/> or the clone's setting names.</summary>
    ProtectedPolicy ProtectedPolicy => Context.Once(() => new ProtectedPolicy(
        Context.Processes, RootDirectory, RootDirectory.GetUnixRelativePathTo(EnvironmentsPath), x => Context.Environment.GetValueOrDefault(x), x => Context.Write(LogLevel.Warning, x)));

    /// <summary>What holds for the environments of this run.</summary>
    internal sealed HeldRules HeldRules => Context.Once(() => new HeldRules());

    /// <summary>The environment with the rules that hold for a release; records of it are kept by them, too.</summary>
    internal sealed async Task<EnvironmentSpec> HeldAsync(EnvironmentSpec environment, string commit, CancellationToken cancellationToken) =>
        HeldRules.Keep(await ProtectedPolicy.ApplyAsync(environment, commit, cancellationToken));

    /// <summary>Knows whose consent counts.</summary>
    ApprovalAuthority CreateApprovalAuthority() => new(
        Context.Processes,
        RootDirectory,
        ProtectedPolicy,
        new DeployerIdentity(Context.Processes, RootDirectory, x => Context.Environment.GetValueOrDefault(x), Environment.UserName, Environment.MachineName),
        Context.Time);

    /// <summary>Where consent is given.</summary>
    internal sealed ApprovalDesk ApprovalDesk => new(OpenDeploymentStore(), CreateApprovalAuthority(), Environment.UserName, Environment.MachineName);

    /// <summary><c>:approve ENVIRONMENT [--key FILE] [--break-glass REASON] [--countersign]</c>.</summary>
    [Verb("approve", "Signs that a release may go to an environment, with your SSH key.", Usage = "ENVIRONMENT [--key FILE] [--break-glass REASON] [--countersign]", Options = ["key", "break-glass"], Flags = ["countersign"])]
    async Task ApproveAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = FindEnvironment(Named(arguments));
        var purpose = arguments.Has("countersign") ? ApprovalPurpose.Countersign : arguments.Has("break-glass") ? ApprovalPurpose.BreakGlass : ApprovalPurpose.Approve;
        if (arguments.Has("countersign") && arguments.Has("break-glass"))
            throw new UserErrorException("What goes out by breaking the glass is countersigned by somebody else, afterwards.", $"Usage: :approve {arguments.Usage}") { ExitCode = ExitCodes.Usage };
        var desk = ApprovalDesk;
        var request = purpose == ApprovalPurpose.Countersign
            ? await desk.CountersignRequestAsync(environment, cancellationToken)
            : await desk.RequestAsync(environment, () => VerifyRelease().Manifest, cancellationToken);
        await GiveAsync(desk, environment, request, purpose, arguments.Option("break-glass"), arguments, cancellationToken);
    }

    /// <summary><c>:accept ENVIRONMENT [--key FILE]</c>.</summary>
    [Verb("accept", "Signs that the release that is live in an environment was tried and is accepted, with your SSH key.", Usage = "ENVIRONMENT [--key FILE]", Options = ["key"])]
    async Task AcceptAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        // By the rules of the protected ref, wherever it is protected: what requires this acceptance may be.
        var environment = FindEnvironment(Named(arguments)) with { IsProtected = true };
        var desk = ApprovalDesk;
        await GiveAsync(desk, environment, await desk.AcceptanceAsync(environment, cancellationToken), ApprovalPurpose.Accept, null, arguments, cancellationToken);
    }

    /// <summary><c>:approvals ENVIRONMENT</c>.</summary>
    [Verb("approvals", "Shows who has signed what for an environment, what counts, and why the rest does not.", Usage = "ENVIRONMENT")]
    async Task ShowApprovalsAsync(VerbArguments arguments, CancellationToken cancellationToken)
    {
        var environment = FindEnvironment(Named(arguments));
        var desk = ApprovalDesk;
        ApprovalRequest? request = null;
        try
        {
            request = await desk.RequestAsync(environment, () => VerifyRelease().Manifest, cancellationToken);
        }
        catch (UserErrorException exception)
        {
            Context.Write(LogLevel.Information, $"No consent is asked for just now: {exception.Message}");
        }

        if (request is not null)
            environment = await ProtectedPolicy.ApplyAsync(environment, request.Commit, cancellationToken);
        foreach (var line in await desk.ShowAsync(environment, request, cancellationToken))
            Context.Write(LogLevel.Information, line);
    }

    /// <summary>
    /// The release for a protected environment as the protected ref lets it be believed: signatures by keys that only the release brings along do not count, and the gate of the security
    /// policy there must let it pass, too.
    /// </summary>
    /// <param name="environment">The environment with the rules that hold.</param>
    /// <param name="release">The release, as it was verified with the files of the work tree.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal sealed async Task<(ReleaseManifest Release, ImmutableArray<Refusal> Refusals)> BelievedAsync(EnvironmentSpec environment, ReleaseManifest release, CancellationToken cancellationToken)
    {
        if (!environment.IsProtected || await ProtectedPolicy.TrustAsync(release.Commit, cancellationToken) is not { Source: { } source } trust)
            return (release, []);
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var here = TrustedSigners;
        var there = trust.Keys.Select(x => VerificationKey.Parse(x.Key, x.Value).Hint).ToHashSet(StringComparer.Ordinal);
        var strangers = here.Keys.Where(x => !there.Contains(x.Hint)).ToList();
        if (strangers.Count > 0)
        {
            release = release.With(ReleaseVerifier.Verify(LoadRelease(), here with { Keys = [.. here.Keys.Except(strangers)] }).Signatures);
            if (release.Verdict(VerdictKinds.Signatures).Outcome != VerdictOutcome.Passed && environment.Verdicts.GetValueOrDefault(VerdictKinds.Signatures) == VerdictRequirement.Required)
                refusals.Add(new Refusal(null, new Problem($"What {string.Join(", ", strangers.Select(x => $"'{x.Name}'"))} signed does not count for {environment.Name}: the key came with the release, and is not in .nuke/keys on {source}.", "Merge the key first, and release a later commit.")));
        }

        refusals.AddRange(await SecurityRefusalsAsync(environment, release, cancellationToken));
        return (release, refusals.ToImmutable());
    }

    /// <summary>What the gate of the security policy on the protected ref has against a release for a protected environment.</summary>
    /// <param name="environment">The environment with the rules that hold.</param>
    /// <param name="release">The release.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal sealed async Task<IEnumerable<Refusal>> SecurityRefusalsAsync(EnvironmentSpec environment, ReleaseManifest release, CancellationToken cancellationToken) =>
        environment.IsProtected && await ProtectedPolicy.TrustAsync(release.Commit, cancellationToken) is { Source: { } source, SecurityPolicy: { } policy }
            ? SecurityGate.Check(SecurityPolicyReader.Parse(policy, $"{SecurityPolicyReader.FileName} on {source}"), environment.Name, release.Verdict(VerdictKinds.Scan))
                .Select(x => new Refusal(VerdictKinds.Scan, new Problem($"By {SecurityPolicyReader.FileName} on {source}: {x}")))
            : [];

    private async Task GiveAsync(
        ApprovalDesk desk, EnvironmentSpec environment, ApprovalRequest request, ApprovalPurpose purpose, string? reason, VerbArguments arguments, CancellationToken cancellationToken)
    {
        environment = await ProtectedPolicy.ApplyAsync(environment, request.Commit, cancellationToken);
        var key = await FindKeyAsync(arguments.Option("key"), cancellationToken);
        foreach (var line in ApprovalDesk.Describe(purpose, request))
            Context.Write(LogLevel.Information, line);
        Context.Write(LogLevel.Information, $"  with the key {key}");
        try
        {
            _ = await desk.GiveAsync(environment, request, purpose, reason, key, x => Context.Write(LogLevel.Information, x), cancellationToken);
        }
        catch (UserErrorException exception) when (exception.ExitCode == ExitCodes.Failed)
        {
            throw new UserErrorException(exception.Message, exception.Remedy, exception) { ExitCode = ExitCodes.Refused };
        }
    }

    /// <summary>The key that is named, or the one that git signs with, or the usual one.</summary>
    private async Task<AbsolutePath> FindKeyAsync(string? named, CancellationToken cancellationToken)
    {
        var home = Context.Environment.GetValueOrDefault("HOME") ?? Context.Environment.GetValueOrDefault("USERPROFILE");
        if (named is { Length: > 0 })
            return Existing(Resolve(named)) ?? throw new UserErrorException($"There is no key '{named}'.", "Name the file of a private SSH key, or the .pub file of one that is in your agent.") { ExitCode = ExitCodes.Usage };
        if (await SettingAsync("gpg.format", cancellationToken) == "ssh" && await SettingAsync("user.signingKey", cancellationToken) is { Length: > 0 } signing
            && !signing.StartsWith("key::", StringComparison.Ordinal) && !signing.StartsWith("ssh-", StringComparison.Ordinal) && Existing(Resolve(signing)) is { } own)
        {
            return own;
        }

        var directory = home is null ? null : AbsolutePath.Create(home) / ".ssh";
        return UsualKeys.Select(x => directory is null ? null : Existing(directory / x) ?? Existing(directory / $"{x}.pub")).FirstOrDefault(x => x is not null)
            ?? throw new UserErrorException("There is no SSH key to sign with.", "Name one: --key FILE; or make one: ssh-keygen -t ed25519") { ExitCode = ExitCodes.Usage };

        AbsolutePath Resolve(string path) => AbsolutePath.Resolve(Context.WorkingDirectory, path.StartsWith("~/", StringComparison.Ordinal) && home is not null ? $"{home}/{path[2..]}" : path);

        static AbsolutePath? Existing(AbsolutePath path) => path.FileExists() ? path : null;
    }

    private async Task<string?> SettingAsync(string name, CancellationToken cancellationToken)
    {
        var result = await Context.Processes.RunAsync(Git.Command(RootDirectory, "config", "--get", name).WithAnyExitCode(), cancellationToken: cancellationToken);
        return result.ExitCode == 0 ? result.StandardOutput.Trim() : null;
    }
}
