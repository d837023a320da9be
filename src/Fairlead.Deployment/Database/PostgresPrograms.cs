using System.Globalization;
using System.Text;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Starts PostgreSQL's own programs. What they are told stands in variables and on standard input, never on a command line.</summary>
sealed class PostgresPrograms(IProcessRunner processes, Func<string, string?> variable)
{
    const string NoticeDeath = "SELECT set_config('client_connection_check_interval', '50ms', false) WHERE current_setting('server_version_num')::int >= 140000 AND version() NOT LIKE '%Visual C++%';\n";
    const string DebianRoot = "/usr/lib/postgresql";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A command of one of the programs, on a database.</summary>
    public ToolCommand Command(PostgresAddress address, TimeSpan timeout, string program, params string[] arguments) => On(ToolCommand.Of(Find(program), arguments), address, timeout);

    /// <summary>Any command, on a database.</summary>
    public static ToolCommand On(ToolCommand command, PostgresAddress address, TimeSpan timeout) => command with
    {
        Environment = command.Environment.SetItems(address.Variables),
        Secrets = address.Password is null ? [] : [address.Password, address.Url],
        Timeout = timeout,
    };

    /// <summary>
    /// Runs statements; the first mistake ends it. What they print is nobody's. When psql is killed, the server notices within a moment, also while it works (PostgreSQL 14 and
    /// later), so that nothing is still being made when the next command looks.
    /// </summary>
    public Task ExecuteAsync(PostgresAddress address, TimeSpan timeout, string statements, CancellationToken cancellationToken) =>
        ReachingAsync(address, () => processes.RunAsync(Psql(address, timeout, NoticeDeath + statements), cancellationToken: cancellationToken));

    /// <summary>Asks a query that gives one value in JSON.</summary>
    public async Task<T> QueryAsync<T>(PostgresAddress address, TimeSpan timeout, string query, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        await ReachingAsync(address, () => processes.ReadAsync(Psql(address, timeout, query), output.Write, cancellationToken));
        try
        {
            return JsonSerializer.Deserialize<T>(output.ToArray(), Json)!;
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"psql gave an answer about {address} that is not understood.", "Is the program 'psql' on the path PostgreSQL's own?", exception);
        }
    }

    /// <summary>Says which server does not answer, where that is what keeps a program from working.</summary>
    public static async Task<ProcessResult> ReachingAsync(PostgresAddress address, Func<Task<ProcessResult>> start)
    {
        try
        {
            return await start();
        }
        catch (ProcessFailedException exception) when (!exception.TimedOut && exception.Result.Lines.Any(x => x.Text.Contains("timeout expired", StringComparison.Ordinal)))
        {
            throw new UserErrorException(
                $"The server of {address} does not answer: there was no connection within {address.Variables["PGCONNECT_TIMEOUT"]} s. {exception.Message}",
                "Look whether the host and the port are right, and whether a firewall is between; 'connect_timeout' in the address, or PGCONNECT_TIMEOUT, gives it more time.",
                exception);
        }
    }

    /// <summary>A psql that reads statements from its standard input and prints values alone.</summary>
    public ToolCommand Psql(PostgresAddress address, TimeSpan timeout, string statements) =>
        Command(address, timeout, "psql", "--no-psqlrc", "--quiet", "--no-password", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--file=-") with { StandardInput = statements + "\n" };

    /// <summary>A name as it stands in a statement.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text as it stands in a statement (with standard_conforming_strings, which is PostgreSQL's default since 9.1).</summary>
    public static string Literal(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? $" E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>
    /// A name for what is made beside a database: <c>shop_rehearsal_1f3c</c>. PostgreSQL cuts names after 63 bytes, so a long one is cut here, where its end still tells what it is.
    /// </summary>
    public static string Beside(string database, string kind, string suffix) => $"{Prefix(database, kind, suffix.Length)}{suffix}";

    /// <summary>What the names of one kind begin with.</summary>
    public static string Prefix(string database, string kind, int suffixLength)
    {
        const int LongestName = 63;
        var room = LongestName - kind.Length - suffixLength - 2;
        var head = new StringBuilder();
        var bytes = 0;
        foreach (var rune in database.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > room)
                break;
            head.Append(rune.ToString());
        }

        return $"{head}_{kind}_";
    }

    /// <summary>The program: of the path, or Debian's newest.</summary>
    string Find(string program)
    {
        if (ToolPath.Find(program, AbsolutePath.Create("/"), variable("PATH")) is not null || !Directory.Exists(DebianRoot))
            return program;
        return Directory.GetDirectories(DebianRoot)
            .OrderByDescending(x => int.TryParse(Path.GetFileName(x), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(x => $"{x}/bin/{program}")
            .FirstOrDefault(File.Exists) ?? program;
    }
}
