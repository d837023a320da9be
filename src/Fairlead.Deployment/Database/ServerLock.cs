using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Keeps others who work on the same database off, on its server (PostgreSQL documentation, "Advisory Locks"): whoever lost the environment's lock and does not know it yet waits
/// here. It lives as long as its session, so it goes with the process. It is taken in the database <c>postgres</c>, whose sessions a swap does not end.
/// </summary>
sealed class ServerLock : IAsyncDisposable
{
    /// <summary>psql ends with this when it could not connect, and with 3 when a statement failed.</summary>
    const int StatementFailed = 3;

    readonly CancellationTokenSource _end;
    readonly Task _session;

    ServerLock(CancellationTokenSource end, Task session) => (_end, _session) = (end, session);

    /// <summary>Whether the session still lives.</summary>
    public bool IsHeld => !_session.IsCompleted;

    /// <summary>The number that stands for a database's name.</summary>
    public static long NumberOf(string database) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes("fairlead database: " + database)));

    /// <summary>Takes the lock; one that a dying session has goes within seconds, so long it waits.</summary>
    /// <exception cref="DatabaseBusyException">Somebody has it.</exception>
    /// <exception cref="UserErrorException">There is no session for it.</exception>
    public static async Task<ServerLock> TakeAsync(PostgresPrograms programs, IProcessRunner processes, PostgresAddress address, CancellationToken cancellationToken)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var statements = string.Create(CultureInfo.InvariantCulture, $"SET statement_timeout = 0;\nSET lock_timeout = '10s';\nSELECT pg_advisory_lock({NumberOf(address.Database)});\nSELECT 1 \\watch 1");
        var session = processes.ReadAsync(programs.Psql(address with { Database = "postgres" }, TimeSpan.Zero, statements) with { Timeout = null }, _ => taken.TrySetResult(), end.Token);
        var held = new ServerLock(end, session);
        try
        {
            if (await Task.WhenAny(taken.Task, session) == session)
                await session;
            return held;
        }
        catch (ProcessFailedException exception) when (exception.Result.ExitCode == StatementFailed)
        {
            await held.DisposeAsync();
            throw new DatabaseBusyException($"Another command works on {address}, or its lock on the server cannot be taken. {exception.Message}", "Wait until it has ended, then try again.", exception);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _session.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _end.Dispose();
    }
}
