using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Databases beside another one on the same server: for rehearsals, drills, and what is to take its place.</summary>
/// <param name="programs">PostgreSQL's programs.</param>
/// <param name="processes">Starts them.</param>
/// <param name="address">The database beside which they are.</param>
/// <param name="timeout">How long one command may take.</param>
sealed class BesideDatabases(PostgresPrograms programs, IProcessRunner processes, PostgresAddress address, TimeSpan timeout)
{
    /// <summary>Words in the names of what never stays.</summary>
    public const string Rehearsal = "rehearsal", Drill = "drill";

    /// <summary>What marks of restored copies begin with.</summary>
    public const string MarkPrefix = "Fairlead: ";

    const int SwapAttempts = 5;

    // Connected to another database than the one that is renamed.
    readonly PostgresAddress _server = address with { Database = "postgres" };

    /// <summary>A name that nobody has, and that tells who made it.</summary>
    public string NewName(string kind, DateTimeOffset now) => PostgresPrograms.Beside(address.Database, kind, BesideMark.Own(now).ToString());

    /// <summary>All databases of the server.</summary>
    public async Task<ImmutableArray<string>> NamesAsync(CancellationToken cancellationToken) =>
        [.. await programs.QueryAsync<string[]>(_server, timeout, "SELECT json_agg(datname) FROM pg_database;", cancellationToken)];

    /// <summary>Takes away what commands that were killed have left of one kind. Those of other machines may still work, for at most a day or four times as long as a command may take.</summary>
    public async Task SweepAsync(string kind, DateTimeOffset now, Action<string> log, CancellationToken cancellationToken)
    {
        var prefix = PostgresPrograms.Prefix(address.Database, kind, BesideMark.Length);
        var machine = BesideMark.MachineOf(Environment.MachineName);
        var longest = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerDay, 4 * Math.Min(timeout.Ticks, long.MaxValue / 4)));
        foreach (var name in (await NamesAsync(cancellationToken)).Where(x => x.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (BesideMark.Parse(name[prefix.Length..])?.IsLeft(machine, now, longest, BesideMark.StartOf) != true)
                continue;
            log($"{name} was left by a command that was killed; it is taken away.");
            await DropAsync(name, cancellationToken);
        }
    }

    /// <summary>Makes an empty database with the encoding and the collation of the one beside which it is.</summary>
    public async Task CreateAsync(string name, CancellationToken cancellationToken)
    {
        var (beside, original) = (PostgresPrograms.Literal(name), PostgresPrograms.Literal(address.Database));
        await programs.ExecuteAsync(
            _server,
            timeout,
            $"""
            SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', {beside}, pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
                || CASE WHEN to_jsonb(d) ->> 'datlocprovider' = 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')) ELSE '' END
            FROM pg_database d WHERE d.datname = {original}
            UNION ALL
            SELECT format('CREATE DATABASE %I TEMPLATE template0', {beside}) WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = {original}) \gexec
            """,
            cancellationToken);
    }

    /// <summary>Takes a database away, whoever is connected. Nothing happens when it is not there.</summary>
    public Task DropAsync(string name, CancellationToken cancellationToken) =>
        programs.ExecuteAsync(_server, timeout, $"DROP DATABASE IF EXISTS {PostgresPrograms.Identifier(name)} WITH (FORCE);", cancellationToken);

    /// <summary>The mark of a restored copy, which is the last line of the comment about a database; null: none, or there is no such database.</summary>
    public async Task<string?> MarkOfAsync(string name, CancellationToken cancellationToken)
    {
        var comment = (await programs.QueryAsync<string?[]>(
            _server, timeout, $"SELECT json_build_array((SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = {PostgresPrograms.Literal(name)}));", cancellationToken))[0];
        var last = comment?[(comment.LastIndexOf('\n') + 1)..];
        return last?.StartsWith(MarkPrefix, StringComparison.Ordinal) == true ? last : null;
    }

    /// <summary>Gives a database what belongs to the original and is in no copy: its grants, settings, owner and comment; and writes a mark below that.</summary>
    public Task DressAsync(string name, string mark, CancellationToken cancellationToken)
    {
        var (beside, original) = (PostgresPrograms.Literal(name), PostgresPrograms.Literal(address.Database));
        return programs.ExecuteAsync(
            _server,
            timeout,
            $"""
            COMMENT ON DATABASE {PostgresPrograms.Identifier(name)} IS {PostgresPrograms.Literal(mark)};
            SELECT format('COMMENT ON DATABASE %I IS %L', {beside}, c.own || chr(10) || {PostgresPrograms.Literal(mark)})
            FROM (SELECT regexp_replace(shobj_description(oid, 'pg_database'), '(^|\n){MarkPrefix}[^\n]*$', '') AS own FROM pg_database WHERE datname = {original}) c WHERE c.own <> '' \gexec
            SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', {beside}) FROM pg_database WHERE datname = {original} AND datacl IS NOT NULL \gexec
            SELECT format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, {beside}, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = {original} AND a.grantee <> d.datdba \gexec
            SELECT format('ALTER %s SET %I TO %s',
                CASE s.setrole WHEN 0 THEN format('DATABASE %I', {beside}) ELSE format('ROLE %I IN DATABASE %I', pg_get_userbyid(s.setrole), {beside}) END,
                split_part(c, '=', 1),
                CASE WHEN split_part(c, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
                    THEN substr(c, strpos(c, '=') + 1) ELSE quote_literal(substr(c, strpos(c, '=') + 1)) END)
            FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c WHERE d.datname = {original} \gexec
            SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', {beside}, datconnlimit) FROM pg_database WHERE datname = {original} AND datconnlimit >= 0 \gexec
            SELECT format('ALTER DATABASE %I OWNER TO %I', {beside}, pg_get_userbyid(datdba)) FROM pg_database WHERE datname = {original} AND pg_get_userbyid(datdba) <> current_user \gexec
            """,
            cancellationToken);
    }

    /// <summary>
    /// Puts a database in the place of the original. Both get their new names in one transaction, so there is no moment without a database of that name; connections to the
    /// original are ended meanwhile, and those that are just being made wait and reach the new one.
    /// </summary>
    /// <returns>The name of what was there; null when nothing was.</returns>
    public async Task<string?> SwapAsync(string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(cancellationToken);
        string? before = null;
        if (names.Contains(address.Database))
        {
            var stamp = now.UtcDateTime.ToString("yyyyMMdd't'HHmmss'z'", CultureInfo.InvariantCulture);
            before = Enumerable.Range(0, 1000).Select(x => PostgresPrograms.Beside(address.Database, "before", x == 0 ? stamp : string.Create(CultureInfo.InvariantCulture, $"{stamp}_{x}"))).First(x => !names.Contains(x));
        }

        var renames = $"""
            SET statement_timeout = 0;
            BEGIN;
            {(before is null ? "" : $"ALTER DATABASE {PostgresPrograms.Identifier(address.Database)} RENAME TO {PostgresPrograms.Identifier(before)};")}
            ALTER DATABASE {PostgresPrograms.Identifier(name)} RENAME TO {PostgresPrograms.Identifier(address.Database)};
            COMMIT;
            """;
        // The rename holds the door and waits five seconds for those who are inside (PostgreSQL's own limit): meanwhile they are shown out.
        var evict = $"""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN ({PostgresPrograms.Literal(address.Database)}, {PostgresPrograms.Literal(name)}) AND pid <> pg_backend_pid() \watch 0.1
            """;
        for (var attempt = 1; ; attempt++)
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var evicting = processes.ReadAsync(programs.Psql(_server, timeout, evict), _ => { }, done.Token);
            try
            {
                await programs.ExecuteAsync(_server, timeout, renames, cancellationToken);
                return before;
            }
            catch (ProcessFailedException exception) when (!exception.TimedOut)
            {
                if (evicting.IsFaulted)
                    await evicting;
                if (attempt == SwapAttempts)
                    throw;
            }
            finally
            {
                await done.CancelAsync();
                await evicting.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }
}
