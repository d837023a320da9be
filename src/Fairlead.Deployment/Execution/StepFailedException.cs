using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>A deployment that could not reach its aim: not healthy in time, no answer through the public address.</summary>
sealed class StepFailedException(string message, string? remedy = null, Exception? innerException = null)
    : UserErrorException(message, remedy, innerException);
