namespace Fairlead.Deployment;

/// <summary>Says again and again to the platform that this command is still there, from the moment a guard is set.</summary>
sealed class GuardKeeper(IPlatform platform, FencingToken token, TimeProvider time, Action<string> log)
{
    /// <summary>How many renewals fit into the time after which the platform acts.</summary>
    const int RenewalsPerTerm = 5;

    ITimer? _timer;
    Task _renewal = Task.CompletedTask;

    public async Task StartAsync(TrafficGuard terms, CancellationToken cancellationToken)
    {
        await StopAsync();
        if (!await platform.GuardAsync(terms, token, cancellationToken))
        {
            log($"The platform '{platform.Name}' cannot give the traffic back by itself: should this command be lost, run ':rollback'.");
            return;
        }

        var interval = terms.After / RenewalsPerTerm;
        _timer = time.CreateTimer(_ => Renew(terms), null, interval, interval);
    }

    /// <summary>Ends the repetition; the guard stays set.</summary>
    public async Task StopAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        _timer = null;
        await _renewal;
    }

    void Renew(TrafficGuard terms)
    {
        if (_renewal.IsCompleted)
            _renewal = RenewAsync(terms);
    }

    async Task RenewAsync(TrafficGuard terms)
    {
        try
        {
            await platform.GuardAsync(terms, token, CancellationToken.None);
        }
        catch (FencedOffException)
        {
            // The next effect of the plan meets the same, and says so.
        }
        catch (Exception exception)
        {
            // Whatever it is: the next renewal may go better, and when none does, the platform gives the traffic back.
            log($"The platform could not be told that this command is still there: {exception.Message}");
        }
    }
}
