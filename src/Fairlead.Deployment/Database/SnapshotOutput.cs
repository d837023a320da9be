using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Fairlead.Deployment;

/// <summary>Reads what the command that holds a snapshot says: first its name, then the rows of each table, then the end of them.</summary>
sealed class SnapshotOutput
{
    /// <summary>Counts the rows of all tables, one line of JSON for each. Tables of extensions are theirs: not all of their rows are copied.</summary>
    public const string CountRows = """
        SELECT format('SELECT json_build_array(%L, count(*)) FROM ONLY %I.%I', n.nspname || '.' || c.relname, n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 1 \gexec
        SELECT json_build_array('', 0);
        """;

    /// <summary>Exports a snapshot, counts in it, and keeps it until its client goes: the connection is idle between two looks, so that the server notices at once.</summary>
    public const string Hold = $"""
        SET search_path = '';
        SET statement_timeout = 0;
        SET idle_in_transaction_session_timeout = 0;
        BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
        SELECT json_build_object('snapshot', pg_export_snapshot(), 'server', current_setting('server_version'));
        {CountRows}
        SELECT 1 \watch 1
        """;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    readonly StringBuilder _line = new();
    readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    readonly ImmutableSortedDictionary<string, long>.Builder _rows = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
    readonly TaskCompletionSource<Exported> _snapshot = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<ImmutableSortedDictionary<string, long>> _counted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The snapshot, when it is there.</summary>
    public Task<Exported> Snapshot => _snapshot.Task;

    /// <summary>The rows by table, when all are counted.</summary>
    public Task<ImmutableSortedDictionary<string, long>> Rows => _counted.Task;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var letters = new char[_decoder.GetCharCount(bytes, flush: false)];
        _decoder.GetChars(bytes, letters, flush: false);
        foreach (var letter in letters)
        {
            if (letter != '\n')
            {
                _line.Append(letter);
                continue;
            }

            Take(_line.ToString());
            _line.Clear();
        }
    }

    void Take(string line)
    {
        if (_counted.Task.IsCompleted)
            return;
        try
        {
            if (line.StartsWith('{'))
            {
                _snapshot.TrySetResult(JsonSerializer.Deserialize<Exported>(line, Json)!);
            }
            else if (line.StartsWith('[') && JsonSerializer.Deserialize<JsonElement[]>(line, Json) is [var table, var count])
            {
                if (table.GetString() is { Length: > 0 } name)
                    _rows[name] = count.GetInt64();
                else
                    _counted.TrySetResult(_rows.ToImmutable());
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            _snapshot.TrySetException(exception);
            _counted.TrySetException(exception);
        }
    }

    /// <summary>A snapshot that others can look through.</summary>
    /// <param name="Snapshot">Its name.</param>
    /// <param name="Server">The server's version.</param>
    public sealed record Exported(string Snapshot, string Server);
}
