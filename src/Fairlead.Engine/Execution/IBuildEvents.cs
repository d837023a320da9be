namespace Fairlead.Engine;

/// <summary>What the build class is told while its targets run.</summary>
interface IBuildEvents
{
    void OnTargetRunning(string target);

    void OnTargetSkipped(string target);

    void OnTargetSucceeded(string target);

    void OnTargetFailed(string target);
}
