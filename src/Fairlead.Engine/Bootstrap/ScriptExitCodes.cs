namespace Fairlead.Engine;

/// <summary>What a build program says to the script that started it, where it cannot replace itself (Windows).</summary>
static class ScriptExitCodes
{
    /// <summary>Compile the build project again, and start the new copy with the same arguments.</summary>
    public const int Rebuild = 90;
}
