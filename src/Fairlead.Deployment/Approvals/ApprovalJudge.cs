using System.Collections.Immutable;
using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>Counts consent. Pure: who has signed what was found out before.</summary>
static class ApprovalJudge
{
    /// <summary>Whether an approval is about a request at all, so that it is worth looking at its signature.</summary>
    public static bool IsFor(ApprovalStatement? statement, ApprovalRequest request, ApprovalPurpose purpose) =>
        statement is not null && IsOf(statement.Purpose, purpose) && statement.Request == request;

    /// <summary>Judges.</summary>
    /// <param name="rules">Whose consent is needed.</param>
    /// <param name="request">What for.</param>
    /// <param name="given">What was signed, the oldest first.</param>
    /// <param name="own">Those whose own work it is.</param>
    /// <param name="purpose"><see cref="ApprovalPurpose.Approve"/>, <see cref="ApprovalPurpose.Accept"/> or <see cref="ApprovalPurpose.Countersign"/>; in an emergency, breaking the glass stands for the first.</param>
    public static ApprovalJudgement Judge(
        ApprovalRules rules, ApprovalRequest request, ImmutableArray<ExaminedApproval> given, Participants own, ApprovalPurpose purpose = ApprovalPurpose.Approve)
    {
        var count = new Count(rules, request, own, purpose);
        var judged = given.Select(count.Judge).ToImmutableArray();
        return new ApprovalJudgement(count.Verdict([.. judged.Select(x => x.Line).OfType<string>()]), judged);
    }

    static bool IsOf(ApprovalPurpose said, ApprovalPurpose asked) => said == asked || (said == ApprovalPurpose.BreakGlass && asked == ApprovalPurpose.Approve);

    sealed class Count(ApprovalRules rules, ApprovalRequest request, Participants own, ApprovalPurpose purpose)
    {
        readonly ApprovalSpec _wish = rules.Approvals;
        readonly BypassSpec? _bypass = purpose == ApprovalPurpose.Approve && !request.Bypassed.IsEmpty ? rules.Bypass : null;
        readonly List<string> _people = [];
        readonly List<string> _forRelease = [];
        readonly List<string> _forBypass = [];
        BrokenGlass? _glass;

        string Deed => purpose == ApprovalPurpose.Accept ? "accepted" : purpose == ApprovalPurpose.Countersign ? "countersigned" : "approved";

        string Verb => purpose == ApprovalPurpose.Accept ? $":accept {request.Environment}" : purpose == ApprovalPurpose.Countersign ? $":approve {request.Environment} --countersign" : $":approve {request.Environment}";

        public JudgedApproval Judge(ExaminedApproval approval)
        {
            if (approval.Statement is not { } statement)
                return Refuse("Something signed", "it cannot be read, or was changed", null);
            if (!IsOf(statement.Purpose, purpose))
                return new JudgedApproval(false, null);
            var at = statement.At.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
            var nameless = $"{(statement.Purpose == ApprovalPurpose.BreakGlass ? "Breaking the glass" : "An approval")} of {at}";
            if (RequestDifference.Of(statement.Request, request) is var (difference, again))
            {
                // What was signed for earlier deployments is history, and nothing to read each time.
                var isHistory = statement.Request.Release != request.Release && statement.Request.Round != request.Round;
                return isHistory ? new JudgedApproval(false, null) : Refuse(nameless, difference, again.Replace($":approve {request.Environment}", Verb, StringComparison.Ordinal));
            }

            if (approval.Signer is not { Principals: { IsDefaultOrEmpty: false } principals } signer)
                return Refuse(nameless, approval.Signer?.WhyNot ?? "nobody has checked its signature", approval.Signer?.Remedy);
            var subject = $"{principals[0]}, {at}";
            return statement.Purpose == ApprovalPurpose.BreakGlass ? JudgeGlass(statement, principals, subject) : JudgeConsent(principals, subject);
        }

        public ApprovalVerdict Verdict(ImmutableArray<string> lines)
        {
            var missing = Missing().ToImmutableArray();
            var isNeeded = _wish.Required || _bypass is not null;
            if (!isNeeded)
                return ApprovalVerdict.NotNeeded with { Lines = lines };
            if (missing.IsEmpty)
                return new ApprovalVerdict(true, Summary(), lines);
            if (_glass is { } glass)
            {
                return new ApprovalVerdict(true, $"{glass.Principal} broke the glass: {glass.Reason}", [.. lines, $"Somebody else has to countersign it within {Durations.Format(_wish.CountersignWithin)}: ./build.sh :approve {request.Environment} --countersign"], IsBreakGlass: true)
                {
                    Glass = glass,
                };
            }

            return new ApprovalVerdict(false, Summary(), [.. lines, .. missing]);
        }

        JudgedApproval JudgeGlass(ApprovalStatement statement, ImmutableArray<string> principals, string subject)
        {
            var group = string.Join(", ", _wish.BreakGlass);
            if (_wish.BreakGlass.IsEmpty)
                return Refuse(subject, $"nobody may break the glass of {request.Environment}", $"'approvals: break_glass:' names those who may, on {rules.Source}.");
            if (!IsOneOf(principals, _wish.BreakGlass, _wish.Expand))
                return Refuse(subject, $"breaking the glass is for {group}", $"Somebody of them can, or {_wish.Minimum} can approve: ./build.sh :approve {request.Environment}");
            if (string.IsNullOrWhiteSpace(statement.Reason))
                return Refuse(subject, "breaking the glass needs a reason", $"./build.sh :approve {request.Environment} --break-glass REASON");
            _glass ??= new BrokenGlass(principals[0], statement.Reason.Trim());
            return new JudgedApproval(true, $"{subject}: breaks the glass: {statement.Reason.Trim()}");
        }

        JudgedApproval JudgeConsent(ImmutableArray<string> principals, string subject)
        {
            if (own.ReasonAgainst(principals, rules.Signers) is { } reason)
                return Refuse(subject, reason, $"Somebody else has to: ./build.sh {Verb}");
            var forRelease = _wish.Required && IsOneOf(principals, _wish.Approvers, _wish.Expand);
            var forBypass = _bypass is not null && IsOneOf(principals, _bypass.Approvers, _bypass.Expand);
            if (!forRelease && !forBypass && (_wish.Required || _bypass is not null))
            {
                var names = (_wish.Required ? _wish.Approvers : []).Concat(_bypass?.Approvers ?? []).Distinct(StringComparer.Ordinal).ToList();
                return Refuse(subject, $"they are not of {string.Join(", ", names)} (by {rules.Source})", $"Somebody of them has to: ./build.sh {Verb}");
            }

            var person = rules.Signers.PersonOf(principals[0]);
            if (_people.Contains(person, StringComparer.OrdinalIgnoreCase))
                return Refuse(subject, $"they have {Deed} already, and one person counts once", null);
            _people.Add(person);
            if (forRelease)
                _forRelease.Add(principals[0]);
            if (forBypass)
                _forBypass.Add(principals[0]);
            var only = forBypass && !forRelease && _wish.Required ? ", for what is bypassed alone" : forRelease && _bypass is not null && !forBypass ? ", but not for what is bypassed" : "";
            return new JudgedApproval(true, $"{subject}: counted{only}");
        }

        bool IsOneOf(ImmutableArray<string> principals, ImmutableArray<string> names, Func<ImmutableArray<string>, ImmutableArray<string>> expand) =>
            names.IsEmpty || expand(names).Any(member => principals.Any(x => rules.Signers.IsSamePerson(x, member)));

        string Summary()
        {
            List<string> parts = [];
            var noun = purpose == ApprovalPurpose.Accept ? "acceptances" : purpose == ApprovalPurpose.Countersign ? "countersignatures" : "approvals";
            if (_wish.Required)
                parts.Add($"{_forRelease.Count} of {_wish.Minimum} {noun}{(_forRelease.Count == 0 ? "" : $" ({string.Join(", ", _forRelease)})")}");
            if (_bypass is not null)
                parts.Add($"{_forBypass.Count} of {_bypass.Minimum} for bypassing {string.Join(", ", request.Bypassed)}{(_forBypass.Count == 0 ? "" : $" ({string.Join(", ", _forBypass)})")}");
            return string.Join("; ", parts);
        }

        IEnumerable<string> Missing()
        {
            if (_wish.Required && _forRelease.Count < _wish.Minimum)
                yield return MissingOf(_wish.Minimum - _forRelease.Count, _wish.Approvers, _wish.Expand, "");
            if (_bypass is not null && _forBypass.Count < _bypass.Minimum)
                yield return MissingOf(_bypass.Minimum - _forBypass.Count, _bypass.Approvers, _bypass.Expand, $" for bypassing {string.Join(", ", request.Bypassed)}");
        }

        string MissingOf(int number, ImmutableArray<string> names, Func<ImmutableArray<string>, ImmutableArray<string>> expand, string what)
        {
            var named = names.IsEmpty ? rules.Signers.Principals : expand(names);
            var strangers = named.Where(x => !rules.Signers.Knows(x)).ToList();
            var able = named.Where(rules.Signers.Knows)
                .DistinctBy(rules.Signers.PersonOf, StringComparer.OrdinalIgnoreCase)
                .Where(x => own.ReasonAgainst([x], rules.Signers) is null && !_people.Contains(rules.Signers.PersonOf(x), StringComparer.OrdinalIgnoreCase)).ToList();
            var who = names.IsEmpty ? $"anybody in {_wish.Signers}" : string.Join(", ", names);
            var text = $"Missing: {number} more{what} of {who}";
            text += able.Count == 0 ? ", and there is nobody left who may." : $"{(able.Count <= 8 ? $" ({string.Join(", ", able)})" : "")}: ./build.sh {Verb}";
            if (able.Count > 0 && able.Count < number)
                text += $" — only {able.Count} may, so that it cannot be reached; {rules.Source} would have to name more.";
            if (strangers.Count > 0)
                text += $"{(text[^1] == '.' ? "" : ".")} Without a key in {_wish.Signers} on {rules.Source}: {string.Join(", ", strangers)}.";
            return text;
        }

        static JudgedApproval Refuse(string subject, string whyNot, string? remedy) =>
            new(false, $"{subject}: not counted, {whyNot}.{(remedy is null ? "" : $" {remedy}")}");
    }
}
