namespace Fairlead.Engine;

/// <summary>How a build tells its caller what happened; see <c>docs/exit-codes.md</c>.</summary>
public static class ExitCodes
{
    /// <summary>Everything that was asked for is done.</summary>
    public const int Success = 0;

    /// <summary>A target or verb failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a parameter or a file of settings is wrong. Nothing was run.</summary>
    public const int Usage = 2;

    /// <summary>The build itself is wrong: a cycle, a duplicate name. Nothing was run.</summary>
    public const int InvalidBuild = 3;

    /// <summary>The build project does not compile. Given by <c>build.sh</c> and <c>build.ps1</c>.</summary>
    public const int DoesNotCompile = 4;

    /// <summary>A policy refused: something that a deployment needs is missing. Nothing was changed.</summary>
    public const int Refused = 5;

    /// <summary>A deployment waits for somebody's consent. Nothing was changed; the same command goes on when it is there.</summary>
    public const int Waiting = 6;

    /// <summary>A defect of Fairlead or of the build's own code outside of targets.</summary>
    public const int InternalError = 70;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM.</summary>
    public const int Terminated = 143;
}
