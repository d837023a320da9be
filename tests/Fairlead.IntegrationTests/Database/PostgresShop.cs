using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A database with orders, and what works on it.</summary>
sealed class PostgresShop : IDisposable
{
    public const string Passphrase = "planted-Passphrase";

    readonly PostgresCluster _cluster;
    readonly List<string> _log = [];
    readonly Lock _gate = new();
    readonly SecretSources _secrets;

    PostgresShop(PostgresCluster cluster)
    {
        _cluster = cluster;
        var redactor = new Redactor();
        var runner = new ProcessRunner(redactor, TimeProvider.System, Root);
        _secrets = new SecretSources(Variable, runner, redactor, TimeProvider.System);
        Database = new PostgresDatabase(runner, _secrets, redactor, Variable, x => Root / "state" / x, TimeProvider.System);
    }

    public AbsolutePath Root { get; } = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-shop-").FullName);

    public string Name { get; } = $"shop_{Guid.NewGuid():N}"[..13];

    public PostgresDatabase Database { get; }

    /// <summary>Another address than the database's own; null: none.</summary>
    public string? Address { get; set; }

    public string Log
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _log);
        }
    }

    public static async Task<PostgresShop> CreateAsync(PostgresCluster cluster, int orders = 1000)
    {
        Assert.SkipWhen(cluster.Missing is not null, cluster.Missing ?? "");
        var shop = new PostgresShop(cluster);
        await cluster.AskAsync("postgres", $"CREATE DATABASE {shop.Name};");
        await shop.AskAsync($"""
            CREATE TYPE state AS ENUM ('new', 'paid');
            CREATE TABLE customers (id serial PRIMARY KEY, name varchar(40) NOT NULL, mail text, CONSTRAINT mail_once UNIQUE (mail));
            CREATE TABLE orders (id bigserial PRIMARY KEY, customer int REFERENCES customers (id), amount numeric(8,2) NOT NULL DEFAULT 0, note text, state state NOT NULL DEFAULT 'new');
            CREATE VIEW open_orders AS SELECT id, amount FROM orders WHERE state = 'new';
            CREATE FUNCTION total() RETURNS numeric LANGUAGE sql AS 'SELECT sum(amount) FROM orders';
            CREATE SEQUENCE invoice;
            CREATE DOMAIN code AS text;
            CREATE TABLE counters (id int NOT NULL);
            INSERT INTO customers (name) SELECT 'c' || i FROM generate_series(1, 10) i;
            INSERT INTO orders (customer, amount, note) SELECT 1 + i % 10, i, 'note ' || i FROM generate_series(1, {orders}) i;
            """);
        return shop;
    }

    public Task<string> AskAsync(string statements) => _cluster.AskAsync(Name, statements);

    public async Task<int> CountAsync() => int.Parse(await AskAsync("SELECT count(*) FROM orders;"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Databases that stand beside this one.</summary>
    public async Task<ImmutableArray<string>> BesideAsync() =>
        [.. (await _cluster.AskAsync("postgres", $"SELECT datname FROM pg_database WHERE datname LIKE '{Name}\\_%' ORDER BY 1;")).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    public DatabaseWork Work(DatabaseSpec? database = null, bool encrypted = false, AbsolutePath? artifact = null) => new()
    {
        Application = "shop",
        Environment = "staging",
        Version = "2.0.0",
        Artifact = artifact,
        Database = (database ?? new DatabaseSpec()) with
        {
            Connection = new SecretReference(SecretReference.FromEnvironment, "DATABASE_URL"),
            Key = encrypted ? new SecretReference(SecretReference.FromEnvironment, "BACKUP_KEY") : null,
            Timeout = TimeSpan.FromMinutes(2),
        },
        Log = x =>
        {
            lock (_gate)
                _log.Add(x);
        },
    };

    /// <summary>An artifact whose migrations are these statements.</summary>
    public AbsolutePath Artifact(string statements)
    {
        var directory = Root / $"artifact-{Guid.NewGuid():N}";
        directory.CreateDirectory();
        AtomicFile.Write(directory / "migrate.sql", statements);
        var archive = AbsolutePath.Create($"{directory}.tar.gz");
        using var file = File.Create(archive);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        TarFile.CreateFromDirectory(directory, gzip, includeBaseDirectory: false);
        return archive;
    }

    /// <summary>The command that runs them.</summary>
    public static ImmutableArray<string> Migrations { get; } = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "migrate.sql"];

    public AbsolutePath CopyOf(DatabaseBackup backup) => Root / "state" / "staging" / "backups" / backup.Id / "copy";

    public string? Variable(string name) => name switch
    {
        "DATABASE_URL" => Address ?? _cluster.UrlOf(Name),
        "BACKUP_KEY" => Passphrase,
        _ => Environment.GetEnvironmentVariable(name),
    };

    public void Dispose()
    {
        _secrets.Dispose();
        Root.DeleteDirectory();
    }
}
