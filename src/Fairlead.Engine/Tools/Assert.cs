using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>What a build takes for granted. When it is not so, the target fails with the message, without a stack trace.</summary>
public static class Assert
{
    /// <summary>Fails.</summary>
    [DoesNotReturn]
    public static void Fail(string message, Exception? exception = null) => throw new UserErrorException(message, null, exception);

    /// <summary>The condition holds.</summary>
    public static void True([DoesNotReturnIf(false)] bool condition, string? message = null, [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
            Fail(message ?? $"It should be true that {expression}.");
    }

    /// <summary>The condition does not hold.</summary>
    public static void False([DoesNotReturnIf(true)] bool condition, string? message = null, [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (condition)
            Fail(message ?? $"It should not be true that {expression}.");
    }

    /// <summary>The value is there.</summary>
    /// <returns>The value.</returns>
    [return: NotNull]
    public static T NotNull<T>([NotNull] this T? value, string? message = null, [CallerArgumentExpression(nameof(value))] string expression = "")
    {
        if (value is null)
            Fail(message ?? $"'{expression}' has no value.");
        return value;
    }

    /// <summary>The collection is there and has elements.</summary>
    /// <returns>The collection.</returns>
    public static IReadOnlyCollection<T> NotEmpty<T>([NotNull] this IReadOnlyCollection<T>? values, string? message = null, [CallerArgumentExpression(nameof(values))] string expression = "")
    {
        if (values is null or { Count: 0 })
            Fail(message ?? $"'{expression}' is empty.");
        return values;
    }

    /// <summary>The file is there.</summary>
    public static void FileExists(AbsolutePath path, string? message = null) => True(path.FileExists(), message ?? $"The file '{path}' does not exist.");

    /// <summary>The directory is there.</summary>
    public static void DirectoryExists(AbsolutePath path, string? message = null) => True(path.DirectoryExists(), message ?? $"The directory '{path}' does not exist.");
}
