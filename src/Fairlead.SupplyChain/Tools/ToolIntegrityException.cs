using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What was fetched, or kept, is not what <c>.nuke/tools.lock.json</c> pins. It was not started.</summary>
/// <param name="tool">The tool.</param>
/// <param name="what">What was looked at.</param>
/// <param name="expected">The pinned digest.</param>
/// <param name="actual">The digest that it has.</param>
public sealed class ToolIntegrityException(string tool, string what, string expected, string actual) : UserErrorException(
    $"{what} is not what {ToolsLockReader.FileName} pins for {tool}: expected {expected}, got {actual}. It was not started.",
    "Somebody has changed it. Do not take over the new digest before you know why: compare it with the digest that the tool's makers publish.");
