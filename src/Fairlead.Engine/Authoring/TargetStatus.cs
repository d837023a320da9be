namespace Fairlead.Engine;

/// <summary>What became of a target in a run.</summary>
public enum TargetStatus
{
    /// <summary>In the plan, not begun.</summary>
    Scheduled,

    /// <summary>Not reached, because something failed or was cancelled before.</summary>
    NotRun,

    /// <summary>Left out by a condition or by <c>--skip</c>.</summary>
    Skipped,

    /// <summary>Running now.</summary>
    Running,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Stopped by Ctrl-C or SIGTERM while it ran.</summary>
    Aborted,

    /// <summary>Has no body of its own: stands for its dependencies.</summary>
    Collective,
}
