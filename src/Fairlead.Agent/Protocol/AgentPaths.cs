using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>Where things are in the state directory of one environment.</summary>
sealed class AgentPaths(AbsolutePath root)
{
    /// <summary>What a socket's address holds on Linux; macOS takes three bytes fewer.</summary>
    const int LongestSocketPath = 103;

    public AbsolutePath Root { get; } = root;

    public AbsolutePath StateFile => Root / "agent.json";

    /// <summary>Figures about deployments, which commands leave here.</summary>
    public AbsolutePath MetricsFile => Root / "metrics.prom";

    public AbsolutePath LockFile => Root / "agent.lock";

    /// <summary>Names the socket that is in use. It is in this directory unless this directory's path is too long for one.</summary>
    public AbsolutePath SocketRecord => Root / "agent.socket";

    public AbsolutePath Logs => Root / "logs";

    public AbsolutePath AgentLog => Logs / "agent.log";

    public AbsolutePath Revisions => Root / "revisions";

    /// <summary>Copies of the agent's program, by digest.</summary>
    public AbsolutePath Programs => Root / "agents";

    public AbsolutePath ReplicaLog(string revision, int replica) => Logs / $"{revision}-{replica}.log";

    /// <summary>Where a new agent puts its socket.</summary>
    public AbsolutePath ChooseSocket(AbsolutePath temporaryDirectory)
    {
        var near = Root / "control" / "agent.sock";
        if (Fits(near))
            return near;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root.ToString())))[..16];
        var far = temporaryDirectory / $"fairlead-{hash}" / "agent.sock";
        return Fits(far) ? far : AbsolutePath.Create("/tmp") / $"fairlead-{hash}" / "agent.sock";
    }

    /// <summary>The socket of the agent that ran last, or null when none ever did.</summary>
    public AbsolutePath? RecordedSocket()
    {
        try
        {
            return SocketRecord.ReadAllText().Trim() is { Length: > 0 } text ? AbsolutePath.Create(text) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    static bool Fits(AbsolutePath path) => Encoding.UTF8.GetByteCount(path.ToString()) <= LongestSocketPath;
}
