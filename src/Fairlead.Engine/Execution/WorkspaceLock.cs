using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// Keeps <c>dotnet</c> commands that write into the projects' output directories apart from those that read them. Projects of a repository
/// share references, so two builds of different projects still write the same files; MSBuild is parallel by itself. Commands with
/// <c>--no-build</c> only read, and run beside each other.
/// </summary>
sealed class WorkspaceLock : IDisposable
{
    static readonly string[] Writing = ["build", "restore", "publish", "pack", "test", "run", "clean", "msbuild", "format"];

    readonly SemaphoreSlim _gate = new(1, 1);
    readonly SemaphoreSlim _turnstile = new(1, 1);
    readonly Lock _counting = new();
    int _readers;

    public void Dispose()
    {
        _gate.Dispose();
        _turnstile.Dispose();
    }

    /// <summary>Waits until the command may run. Disposing lets the next one in.</summary>
    public async Task<IDisposable?> EnterAsync(ToolCommand command, CancellationToken cancellationToken)
    {
        if (command.Tool != "dotnet" || command.Arguments.IsEmpty || !Writing.Contains(command.Arguments[0], StringComparer.Ordinal))
            return null;
        return command.Arguments.Contains("--no-build", StringComparer.Ordinal)
            ? await EnterReaderAsync(cancellationToken)
            : await EnterWriterAsync(cancellationToken);
    }

    async Task<IDisposable> EnterWriterAsync(CancellationToken cancellationToken)
    {
        // Who waits to write holds the turnstile, so that a stream of readers cannot starve it.
        await _turnstile.WaitAsync(cancellationToken);
        try
        {
            await _gate.WaitAsync(cancellationToken);
        }
        finally
        {
            _turnstile.Release();
        }

        return new Release(() => _gate.Release());
    }

    async Task<IDisposable> EnterReaderAsync(CancellationToken cancellationToken)
    {
        await _turnstile.WaitAsync(cancellationToken);
        try
        {
            lock (_counting)
            {
                if (_readers > 0)
                {
                    _readers++;
                    return new Release(LeaveReader);
                }
            }

            await _gate.WaitAsync(cancellationToken);
            lock (_counting)
                _readers++;
            return new Release(LeaveReader);
        }
        finally
        {
            _turnstile.Release();
        }
    }

    void LeaveReader()
    {
        lock (_counting)
        {
            if (--_readers == 0)
                _gate.Release();
        }
    }

    sealed class Release(Action release) : IDisposable
    {
        Action? _release = release;

        public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
    }
}
