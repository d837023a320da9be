namespace Fairlead.Deployment;

/// <summary>Where a running command hears what people ask of it.</summary>
sealed class OperatorDesk(string environment, IDeploymentStore store, IDeploymentLock held, Action<string> log)
{
    string? _last;

    /// <summary>What was asked since the last call, once; null when nothing was.</summary>
    /// <exception cref="StepFailedException">Somebody asked to take the deployment back.</exception>
    public async Task<OperatorRequest?> NextAsync(CancellationToken cancellationToken)
    {
        OperatorRequest? request;
        try
        {
            request = await store.ReadRequestAsync(environment, cancellationToken);
        }
        catch (IOException exception)
        {
            log($"Requests of operators cannot be read: {exception.Message}");
            return null;
        }

        if (request is null || request.Token != held.Token.Value || request.Id == _last)
            return null;
        _last = request.Id;
        await held.AppendAsync(new JournalEvent.OperatorActed(request.Action, request.By), cancellationToken);
        log(request.Action switch
        {
            OperatorAction.Pause => $"{request.By} asks to pause: everything stays as it is until ':resume', ':promote' or ':abort'.",
            OperatorAction.Resume => $"{request.By} asks to go on.",
            OperatorAction.Promote => $"{request.By} promotes: this stage ends as passed.",
            _ => $"{request.By} asks to take it back.",
        });
        return request.Action == OperatorAction.Abort ? throw new StepFailedException($"{request.By} asked to take the deployment back.") : request;
    }
}
