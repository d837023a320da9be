using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Deployment;

/// <summary>What the end of a passing database's name tells: who made it and when, so that it is taken away when, and only when, nobody works with it.</summary>
/// <param name="Machine">Four digits of the machine's name.</param>
/// <param name="At">When it was made, to the second.</param>
/// <param name="Process">The process that made it.</param>
readonly record struct BesideMark(string Machine, DateTimeOffset At, int Process)
{
    /// <summary>How many letters it has.</summary>
    public const int Length = MachineLength + 2 * NumberLength + RandomLength;

    const int MachineLength = 4;
    const int NumberLength = 8;
    const int RandomLength = 4;

    static readonly TimeSpan Blur = TimeSpan.FromSeconds(2);

    /// <summary>That of this process.</summary>
    public static BesideMark Own(DateTimeOffset now) => new(MachineOf(Environment.MachineName), now, Environment.ProcessId);

    /// <summary>Four digits for a machine's name.</summary>
    public static string MachineOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..MachineLength];

    /// <summary>Reads one; null: it is none.</summary>
    public static BesideMark? Parse(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower)
        ? new BesideMark(text[..MachineLength], DateTimeOffset.FromUnixTimeSeconds(Number(text, MachineLength)), unchecked((int)Number(text, MachineLength + NumberLength)))
        : null;

    /// <summary>Its letters, with some of chance at the end.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Machine}{unchecked((uint)At.ToUnixTimeSeconds()):x8}{unchecked((uint)Process):x8}{RandomNumberGenerator.GetHexString(RandomLength, lowercase: true)}");

    /// <summary>Whether it was left by a command that is no more: at once on the same machine, after a time on another.</summary>
    /// <param name="machine">This machine.</param>
    /// <param name="now">The time.</param>
    /// <param name="longest">How long a command may work with one.</param>
    /// <param name="startOf">When a process of this machine was started; null: there is none of that number.</param>
    public bool IsLeft(string machine, DateTimeOffset now, TimeSpan longest, Func<int, DateTimeOffset?> startOf) =>
        now - At > longest || (Machine == machine && !(startOf(Process) <= At + Blur));

    /// <summary>When a process of this machine was started; null: there is none of that number.</summary>
    public static DateTimeOffset? StartOf(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return new DateTimeOffset(process.StartTime).ToUniversalTime();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    static long Number(string text, int at) => long.Parse(text.AsSpan(at, NumberLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
