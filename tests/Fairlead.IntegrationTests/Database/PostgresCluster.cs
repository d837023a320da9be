using System.Net;
using System.Net.Sockets;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A PostgreSQL server of its own, on this machine alone, with a password that must be seen nowhere.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    /// <summary>The password of the only role.</summary>
    public const string Password = "planted-Pa55word";

    readonly ProcessRunner _runner = new(new Redactor(), TimeProvider.System, AbsolutePath.Create("/"));
    AbsolutePath? _root;
    string? _programs;

    /// <summary>Why there is none; null: there is one.</summary>
    public string? Missing { get; private set; }

    /// <summary>The port on the loopback interface.</summary>
    public int Port { get; private set; }

    /// <summary>The address of a database.</summary>
    public string UrlOf(string database) => $"postgresql://postgres:{Password}@127.0.0.1:{Port}/{database}";

    /// <summary>Runs statements, and gives what they print.</summary>
    public async Task<string> AskAsync(string database, string statements) => (await _runner.RunAsync(Psql(database, statements))).StandardOutput;

    /// <summary>A psql on a database.</summary>
    public ToolCommand Psql(string database, string statements) =>
        ToolCommand.Of("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-") with
        {
            StandardInput = statements + "\n",
            Timeout = TimeSpan.FromMinutes(1),
            Environment = ToolCommand.Of("psql").Environment.Add("PGHOST", "127.0.0.1").Add("PGPORT", $"{Port}").Add("PGUSER", "postgres").Add("PGPASSWORD", Password).Add("PGDATABASE", database),
        };

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _programs = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(x => $"{x}/bin").LastOrDefault(x => File.Exists($"{x}/initdb")) : null;
        if (_programs is null || !File.Exists("/usr/bin/setpriv") || !File.Exists("/usr/bin/psql"))
        {
            Missing = "PostgreSQL is not installed (Debian's package 'postgresql').";
            return;
        }

        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        }

        _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-postgres-").FullName);
        var password = _root / "password";
        AtomicFile.Write(password, Password);
        if (Environment.UserName == "root")
            await _runner.RunAsync(ToolCommand.Of("chown", "-R", "postgres", _root));
        await AsServerAsync("initdb", "-D", _root / "data", "-A", "scram-sha-256", "-U", "postgres", $"--pwfile={password}", "-N", "-E", "UTF8", "--locale=C.UTF-8");
        await AsServerAsync("pg_ctl", "-D", _root / "data", "-w", "-l", _root / "log", "-o", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_root} -c fsync=off -c max_connections=60", "start");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_root is null)
            return;
        // By the process id that the server has written into its directory.
        await AsServerAsync("pg_ctl", "-D", _root / "data", "-w", "-m", "immediate", "stop");
        _root.DeleteDirectory();
    }

    // The server refuses root.
    Task AsServerAsync(string program, params string[] arguments) => _runner.RunAsync(
        (Environment.UserName == "root"
            ? ToolCommand.Of("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", $"{_programs}/{program}", .. arguments])
            : ToolCommand.Of($"{_programs}/{program}", arguments)) with
        { Timeout = TimeSpan.FromMinutes(2) });
}
