using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>A deployment waits for consent. Nothing was changed, and it goes on when it is run again.</summary>
public sealed class ApprovalPendingException : UserErrorException
{
    /// <summary>The exit code of a command that left a deployment waiting.</summary>
    public const int Code = 6;

    internal ApprovalPendingException(string message, string remedy)
        : base(message, remedy) => ExitCode = Code;
}
