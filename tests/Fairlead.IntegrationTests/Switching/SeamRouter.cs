using Fairlead.Agent;

namespace Fairlead.IntegrationTests;

/// <summary>
/// The real router with a pause between choosing and sending. In the wrong order a request is counted as in flight only after the pause,
/// as proxies do that count where they send.
/// </summary>
sealed class SeamRouter(Router router, Func<Task> pause, bool wrongOrder) : IRouter
{
    public AffinityMessage? Affinity => router.Affinity;

    public IRouteLease? Acquire(IReadOnlyCollection<Upstream> tried, int? position = null)
    {
        if (router.Acquire(tried, position) is not { } lease)
            return null;
        if (wrongOrder)
            lease.Dispose();
        return new SeamLease(lease, pause, wrongOrder);
    }

    sealed class SeamLease(IRouteLease lease, Func<Task> pause, bool wrongOrder) : IRouteLease
    {
        bool _counted;

        public RoutedRevision Revision => lease.Revision;

        public Upstream Target => lease.Target;

        public async ValueTask<UpstreamConnection> ConnectAsync(ConnectionKind kind)
        {
            await pause();
            if (wrongOrder)
                _counted = lease.Revision.Gate.TryEnter();
            return await lease.ConnectAsync(kind);
        }

        public void Dispose()
        {
            if (!wrongOrder)
                lease.Dispose();
            else if (_counted)
                lease.Revision.Gate.Leave();
        }
    }
}
