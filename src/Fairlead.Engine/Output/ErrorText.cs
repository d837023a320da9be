using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>How an error is shown: the user's own as it is, others with their type, never with a stack trace.</summary>
static class ErrorText
{
    public static string Of(Exception e) => e switch
    {
        UserErrorException user => user.Display,
        AggregateException { InnerExceptions: [var only] } => Of(only),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Of(inner),
        _ => $"{e.GetType().Name}: {e.Message}",
    };
}
