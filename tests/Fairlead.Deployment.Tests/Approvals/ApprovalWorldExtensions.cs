using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>What people give in.</summary>
static class ApprovalWorldExtensions
{
    /// <summary>Approvals of the release of a commit (the first word, when it is one) by these people.</summary>
    public static async Task<SignedApproval[]> Given(this ApprovalWorld world, params string[] people)
    {
        var commit = people.Length > 0 && !world.Key(people[0]).FileExists() ? people[0] : world.PolicyRef is null or "origin/main" ? "release" : world.PolicyRef["origin/".Length..];
        var approvals = new List<SignedApproval>();
        foreach (var person in people.Where(x => world.Key(x).FileExists()))
            approvals.Add(await world.SignAsync(person == "hugo" ? "hugo-cert.pub" : person, world.Request(commit)));
        return [.. approvals];
    }

    public static ApprovalRequest Bypassing(this ApprovalWorld world) => world.Request() with { Bypassed = ["window"], BypassReason = "sale" };

    /// <summary>A good signature of the very statement, that was made for something else than approvals.</summary>
    public static async Task<SignedApproval> ForeignAsync(this ApprovalWorld world, string person)
    {
        var text = StatementText.Of(new ApprovalStatement(ApprovalPurpose.Approve, world.Request(), world.Time.GetUtcNow()));
        var result = await world.Processes.RunAsync(ToolCommand.Of("ssh-keygen", "-Y", "sign", "-q", "-n", "git", "-f", world.Key(person)) with { StandardInput = text });
        return new SignedApproval(text, result.StandardOutput + "\n");
    }

    /// <summary>An approval of an earlier round, made into one of this.</summary>
    public static SignedApproval Changed(this ApprovalWorld world, SignedApproval approval) =>
        approval with { Statement = approval.Statement.Replace("\"round\":1", $"\"round\":{world.Request().Round}", StringComparison.Ordinal) };
}
