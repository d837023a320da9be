using System.Runtime.CompilerServices;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>What components see of the build that they are part of. Every component interface derives from it.</summary>
public interface IFairleadBuild
{
    /// <summary>The run that this build object was made for.</summary>
    BuildContext Context { get; }

    /// <summary>The root of the repository.</summary>
    AbsolutePath RootDirectory => Context.RootDirectory;

    /// <summary>A place for files that nobody misses: <c>.nuke/temp</c>.</summary>
    AbsolutePath TemporaryDirectory => Context.RootDirectory / ".nuke" / "temp";

    /// <summary>Whether the build runs on a developer's machine.</summary>
    bool IsLocalBuild => Context.Host == Host.Terminal;

    /// <summary>Whether the build runs on a build server.</summary>
    bool IsServerBuild => Context.Host != Host.Terminal;

    /// <summary>Targets that the user named, or the default ones.</summary>
    TargetSet InvokedTargets { get; }

    /// <summary>Targets that have not begun.</summary>
    TargetSet ScheduledTargets { get; }

    /// <summary>Targets that run now.</summary>
    TargetSet RunningTargets { get; }

    /// <summary>Targets that are done.</summary>
    TargetSet SucceededTargets { get; }

    /// <summary>Targets that failed.</summary>
    TargetSet FailedTargets { get; }

    /// <summary>Targets that were left out.</summary>
    TargetSet SkippedTargets { get; }

    /// <summary>Targets that were stopped.</summary>
    TargetSet AbortedTargets { get; }

    /// <summary>Targets that are not going to change any more.</summary>
    TargetSet FinishedTargets { get; }

    /// <summary>
    /// The value that a parameter or injected member of a component has: <c>[Parameter] string Key => TryGetValue(() => Key);</c>. Null, or the default
    /// of a value type, when there is none.
    /// </summary>
    /// <param name="member">The member itself; it is not called.</param>
    /// <param name="expression">Filled in by the compiler.</param>
    T? TryGetValue<T>(Func<T> member, [CallerArgumentExpression(nameof(member))] string expression = "");

    /// <summary>Adds a line to the summary at the end of the build.</summary>
    void ReportSummary(string key, string value);
}
