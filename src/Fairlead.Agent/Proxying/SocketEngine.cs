namespace Fairlead.Agent;

/// <summary>How this process waits for sockets.</summary>
static class SocketEngine
{
    /// <summary>
    /// Lets what waits for a socket go on at once where the system reports it ready, instead of on another thread: for a proxy that thread's
    /// waking costs as much as the work. To be called before the first socket is used; what blocks must not run there
    /// (see <see cref="ReplicaHost.ProbeAsync"/>).
    /// </summary>
    /// <remarks>The switch is a documented one of the runtime, read once from the process's own variables; children do not get it.</remarks>
    public static void RunInline() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
