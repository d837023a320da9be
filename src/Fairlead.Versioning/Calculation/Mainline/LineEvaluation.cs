using System.Runtime.CompilerServices;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Works out the version of a line, commit by commit from the oldest on (GitVersion's docs, modes/mainline): on a trunk every commit raises the version of the one
/// before; on other branches the raises of all commits together count once; a merge raises what the merged line did.
/// </summary>
sealed class LineEvaluation(CalculationContext context, string? targetLabel, LineSteps steps)
{
    readonly BranchSettings _root = context.Branches.RootSettings;

    public Reached Evaluate(Line line)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new UserErrorException("The strategy Mainline cannot follow this history: branches are merged into branches too many levels deep.");
        LineCommit.Prepare(line.OldestFirst, _root);
        var state = new State(line, line.SettingsWith(_root));
        foreach (var commit in line.OldestFirst)
        {
            state.Settings = commit.SettingsWith(_root);
            Enter(commit, state);
            if (state.Settings.IsMainBranch)
                OnTrunk(commit, state);
            else
                OffTrunk(commit, state);
            Leave(state);
        }

        return state.Reached ?? Reached.Nothing;
    }

    void Enter(LineCommit commit, State state)
    {
        var label = targetLabel ?? context.Labels.Of(state.LineSettings, commit.Branch) ?? LabelOf(commit, state);
        foreach (var version in commit.Versions)
        {
            if (!version.Continues(label))
                state.Others.Add(version);
            else if (state.Tagged is null || version.CompareTo(state.Tagged) > 0)
                state.Tagged = version;
        }

        state.Said = commit is { IsMark: false, Value: { } value } ? RaiseOf(value, state.Settings) : Raise.None;
        state.Raise = RaiseRules.Max(state.Raise, RaiseRules.Max(state.Settings.Increment.ToRaise(), state.Said));
        if (commit.Older is { } older)
        {
            if (!older.Branch.Equals(commit.Branch))
                state.Label = null;
            state.Force |= !state.Settings.IsMainBranch && older.SettingsWith(_root).IsMainBranch;
        }

        state.Label ??= LabelOf(commit, state);
        if (state.Settings.IsMainBranch)
        {
            state.Source = commit.Older?.Value;
            state.Force = true;
        }
    }

    void OnTrunk(LineCommit commit, State state)
    {
        var isTip = commit.Newer is null;
        if (commit.Merged is { IsEmpty: false } merged)
        {
            if (state.Tagged is null)
                MergeOnTrunk(commit, merged, state);
        }
        else if (state.Tagged is null)
        {
            state.Force = true;
            Apply(commit, state, state.Source, state.Raise, state.Force, state.Label);
            state.Source = commit.Value;
        }
        else
        {
            Take(commit, state);
            var tag = state.Tagged;
            if (!tag.IsPreRelease)
                state.Label = LabelOf(commit, state);
            if (isTip && state.LineSettings.IsMainBranch)
            {
                state.Force = !tag.IsPreRelease;
                if (tag.IsPreRelease)
                    (state.Raise, state.Label) = (state.Settings.Increment.ToRaise(), LabelOf(commit, state));
                Apply(commit, state, state.Source, state.Raise, state.Force, state.Label);
            }
        }

        if (isTip && !commit.Branch.Equals(state.Line.Name))
        {
            state.Source = commit.Value;
            if (state.LineSettings.IsReleaseBranch && context.Versions.ReadBranch(state.Line.Name.Short) is var (version, _))
                state.Others.Add(version);
            state.Raise = IncrementOfLine(state);
            state.Label = context.Labels.Of(state.LineSettings, state.Line.Name) ?? state.Label;
            state.Force = true;
            Apply(commit, state, state.Source, state.Raise, state.Force, state.Label);
        }
    }

    void OffTrunk(LineCommit commit, State state)
    {
        var isTip = commit.Newer is null;
        if (commit.Merged is { IsEmpty: false } merged)
        {
            if (state.Tagged is null)
            {
                MergeOffTrunk(merged, state);
                if (isTip)
                    Apply(commit, state, state.Source, state.Raise, state.Force, targetLabel ?? state.Label);
            }
        }
        else if (state.Tagged is null)
        {
            var isFirst = commit.Older is null || !commit.Older.Branch.Equals(commit.Branch);
            if (isFirst && state.Settings.IsReleaseBranch && context.Versions.ReadBranch(commit.Branch.Short) is var (version, _))
                state.Others.Add(version);
            if (isTip)
            {
                Apply(commit, state, state.Source, state.Raise, state.Force, state.Label);
                (state.Source, state.Force) = (commit.Value, false);
            }
        }
        else
        {
            Take(commit, state);
            (state.Raise, state.Label) = (state.Settings.Increment.ToRaise(), LabelOf(commit, state));
            if (state.Tagged.IsPreRelease)
                state.Force = false;
            if (isTip)
                Apply(commit, state, state.Source, state.Raise, !state.Tagged.IsPreRelease, state.Label);
        }

        if (isTip && !commit.Branch.Equals(state.Line.Name))
        {
            state.Source = commit.Value;
            state.Raise = RaiseRules.Max(state.Raise, IncrementOfLine(state));
            state.Label = context.Labels.Of(state.LineSettings, state.Line.Name) ?? state.Label;
            state.Force = true;
            Apply(commit, state, null, Raise.None, false, state.Label);
        }
    }

    void MergeOnTrunk(LineCommit commit, Line line, State state)
    {
        var merged = Evaluate(line);
        state.Label ??= merged.Step?.Label;
        state.Raise = RaiseOfMerge(state, merged, line.SettingsWith(_root).PreventIncrementWhenBranchMerged);
        if (merged.Source is { } source)
        {
            (state.Source, state.Tagged, state.Force) = (source, merged.Version, merged.Step?.Force ?? false);
            state.Reached = new Reached(merged.Version, source);
        }
        else if (merged.Step?.AtLeast is { } atLeast)
        {
            state.Others.Add(atLeast);
        }

        Apply(commit, state, state.Source, state.Raise, state.Force, state.Label);
        state.Source = commit.Value;
    }

    void MergeOffTrunk(Line line, State state)
    {
        var merged = Evaluate(line);
        state.Label ??= merged.Step?.Label;
        state.Raise = RaiseOfMerge(state, merged, state.Settings.PreventIncrementWhenBranchMerged);
        if (merged.Source is { } source)
        {
            (state.Source, state.Tagged) = (source, merged.Version);
            return;
        }

        if (merged.Version != LabelledVersion.Zero)
            state.Others.Add(merged.Version);
        if (merged.Step?.AtLeast is { } atLeast)
            state.Others.Add(atLeast);
    }

    static Raise RaiseOfMerge(State state, Reached merged, bool preventsThatOfLine)
    {
        var raise = state.Settings.PreventIncrementOfMergedBranch ? Raise.None : state.Raise;
        if (!preventsThatOfLine)
            raise = RaiseRules.Max(raise, merged.Step?.Raise ?? Raise.None);
        return state.Settings.CommitMessageIncrementing == CommitMessageIncrementing.Disabled ? raise : RaiseRules.Max(raise, state.Said);
    }

    static Raise IncrementOfLine(State state) =>
        (state.Line.Level.Increment == IncrementStrategy.Inherit ? state.Settings.Increment : state.Line.Level.Increment).ToRaise();

    static void Leave(State state)
    {
        state.Tagged = null;
        if (!state.Settings.IsMainBranch)
            return;
        (state.Raise, state.Label) = (Raise.None, null);
        state.Others.Clear();
    }

    void Take(LineCommit commit, State state)
    {
        state.Source = commit.Value;
        state.Reached = new Reached(state.Tagged!, commit.Value);
        steps.Add(commit, null, state.Tagged!);
    }

    void Apply(LineCommit commit, State state, int? source, Raise raise, bool force, string? label)
    {
        state.Reached = (state.Reached ?? Reached.Nothing).Then(new RaiseStep(raise, label, force, state.Others.Max()), source);
        steps.Add(commit, raise.PartOf(state.Reached.Version.Major), state.Reached.Incremented);
    }

    Raise RaiseOf(int commit, BranchSettings settings)
    {
        var counts = settings.CommitMessageIncrementing switch
        {
            CommitMessageIncrementing.Enabled => true,
            CommitMessageIncrementing.MergeMessageOnly => context.Graph.ParentsOf(commit).Length > 1,
            _ => false,
        };
        return counts && !context.Ignored.LeavesOut(commit) ? context.Raises.Read(commit)?.Raise ?? Raise.None : Raise.None;
    }

    string? LabelOf(LineCommit commit, State state) => context.Labels.Of(state.Settings, commit.Branch);

    sealed class State(Line line, BranchSettings lineSettings)
    {
        public Line Line { get; } = line;

        public BranchSettings LineSettings { get; } = lineSettings;

        /// <summary>The settings of the commit's branch.</summary>
        public BranchSettings Settings { get; set; } = lineSettings;

        /// <summary>The largest version that the commit is tagged with, and that the branch continues.</summary>
        public LabelledVersion? Tagged { get; set; }

        /// <summary>Versions that the branch does not continue, and may not stay below.</summary>
        public HashSet<LabelledVersion> Others { get; } = [];

        /// <summary>What the commit's message says.</summary>
        public Raise Said { get; set; }

        /// <summary>What is to be raised with the next step.</summary>
        public Raise Raise { get; set; }

        public string? Label { get; set; }

        public bool Force { get; set; }

        /// <summary>The commit that distances are counted from.</summary>
        public int? Source { get; set; }

        public Reached? Reached { get; set; }
    }
}
