using System.Globalization;
using System.Text;

namespace Fairlead.Engine;

/// <summary>
/// Writes to the output of the target that runs. Messages may have named holes, filled in order: <c>Log.Information("Built {Count} files", count)</c>.
/// </summary>
public static class Log
{
    /// <summary>Shown with <c>--verbosity Verbose</c>.</summary>
    public static void Verbose(string message, params object?[] values) => Write(LogLevel.Verbose, message, values);

    /// <summary>Shown with <c>--verbosity Verbose</c>.</summary>
    public static void Debug(string message, params object?[] values) => Write(LogLevel.Verbose, message, values);

    /// <summary>What a target reports.</summary>
    public static void Information(string message, params object?[] values) => Write(LogLevel.Information, message, values);

    /// <summary>Something that should be looked at.</summary>
    public static void Warning(string message, params object?[] values) => Write(LogLevel.Warning, message, values);

    /// <summary>Something that failed.</summary>
    public static void Error(string message, params object?[] values) => Write(LogLevel.Error, message, values);

    /// <summary>Something that ends the build; it is ended by throwing.</summary>
    public static void Fatal(string message, params object?[] values) => Write(LogLevel.Error, message, values);

    /// <summary>What a target reports, with an exception: the message now, the rest when verbose.</summary>
    public static void Information(Exception exception, string message, params object?[] values) => Write(LogLevel.Information, exception, message, values);

    /// <summary>Something that should be looked at, with its exception: the message now, the rest when verbose.</summary>
    public static void Warning(Exception exception, string message, params object?[] values) => Write(LogLevel.Warning, exception, message, values);

    /// <summary>Something that failed, with its exception: the message now, the rest when verbose.</summary>
    public static void Error(Exception exception, string message, params object?[] values) => Write(LogLevel.Error, exception, message, values);

    /// <summary>Something that ends the build, with its exception: the message now, the rest when verbose.</summary>
    public static void Fatal(Exception exception, string message, params object?[] values) => Write(LogLevel.Error, exception, message, values);

    static void Write(LogLevel level, Exception exception, string message, object?[] values)
    {
        Write(level, message, values);
        Write(LogLevel.Verbose, exception.ToString(), []);
    }

    static void Write(LogLevel level, string message, object?[] values)
    {
        var text = values.Length == 0 ? message : Fill(message, values);
        foreach (var line in text.Split('\n'))
            BuildContext.Current.Write(level, line.TrimEnd('\r'));
    }

    static string Fill(string message, object?[] values)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < message.Length; i++)
        {
            var end = message[i] == '{' ? message.IndexOf('}', i) : -1;
            if (message[i] is '{' or '}' && i + 1 < message.Length && message[i + 1] == message[i])
            {
                text.Append(message[i++]);
            }
            else if (end > i && next < values.Length)
            {
                text.Append(Convert.ToString(values[next++], CultureInfo.InvariantCulture));
                i = end;
            }
            else
            {
                text.Append(message[i]);
            }
        }

        return text.ToString();
    }
}
