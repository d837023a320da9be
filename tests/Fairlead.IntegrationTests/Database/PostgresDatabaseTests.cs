using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

public sealed class PostgresDatabaseTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_is_proved_and_a_changed_byte_is_found(bool encrypted)
    {
        using var shop = await PostgresShop.CreateAsync(cluster);
        var work = shop.Work(encrypted: encrypted);
        var backup = await shop.Database.BackUpAsync(work, None);
        backup.Database.ShouldBe(shop.Name);
        backup.IsEncrypted.ShouldBe(encrypted);
        var copy = shop.CopyOf(backup);
        File.GetUnixFileMode(copy).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(copy.Parent).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Encoding.Latin1.GetString(await File.ReadAllBytesAsync(copy, None)).Contains("PGDMP", StringComparison.Ordinal).ShouldBe(!encrypted);

        // What is written later is not in the copy, and does not make it a bad one.
        await shop.AskAsync("INSERT INTO orders (amount) VALUES (1);");
        var drill = (await shop.Database.DrillAsync(work, null, None)).Drill!;
        drill.Passed.ShouldBeTrue(drill.Message);
        drill.Message.ShouldContain("1010 rows");
        shop.Database.List(work).ShouldHaveSingleItem().Drill!.Passed.ShouldBeTrue();

        var bytes = await File.ReadAllBytesAsync(copy, None);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(copy, bytes, None);
        var bad = (await shop.Database.DrillAsync(work, backup.Id, None)).Drill!;
        bad.Passed.ShouldBeFalse();
        bad.Message.ShouldContain("its digest is another one");
        (await Should.ThrowAsync<UserErrorException>(() => shop.Database.RestoreAsync(work, backup, None))).Message.ShouldContain("is as it was");
        (await shop.BesideAsync()).ShouldBeEmpty();
        (await shop.CountAsync()).ShouldBe(1001);
    }

    [Fact]
    public async Task A_drill_finds_rows_that_are_missing()
    {
        using var shop = await PostgresShop.CreateAsync(cluster);
        var work = shop.Work();
        var backup = await shop.Database.BackUpAsync(work, None);
        var record = shop.CopyOf(backup).Parent / "backup.json";
        await File.WriteAllTextAsync(record, record.ReadAllText().Replace("\"public.orders\": 1000", "\"public.orders\": 1001", StringComparison.Ordinal), None);
        var drill = (await shop.Database.DrillAsync(work, backup.Id, None)).Drill!;
        drill.Passed.ShouldBeFalse();
        drill.Message.ShouldContain("public.orders: 1001 then, 1000 restored");
    }

    public static TheoryData<string, string> Contracting() => new()
    {
        { "DROP TABLE customers CASCADE;", "customers is gone" },
        { "DROP VIEW open_orders;", "open_orders is gone" },
        { "ALTER TABLE orders DROP COLUMN note;", "orders.note is gone" },
        { "ALTER TABLE orders RENAME COLUMN note TO remark;", "orders.note is gone" },
        { "ALTER TABLE customers ALTER mail TYPE varchar(5);", "was text, and is character varying(5)" },
        { "ALTER TABLE customers ALTER name TYPE varchar(20);", "was character varying(40)" },
        { "ALTER TABLE orders ALTER note SET NOT NULL;", "orders.note must have a value" },
        { "ALTER TABLE customers ADD city text; UPDATE customers SET city = ''; ALTER TABLE customers ALTER city SET NOT NULL;", "customers.city must have a value" },
        { "ALTER TABLE orders ADD UNIQUE (note);", "must be unique in note" },
        { "ALTER TABLE orders ADD CHECK (amount > 0);", "must keep a new rule: CHECK" },
        { "ALTER TABLE orders ADD parent bigint; ALTER TABLE orders ADD FOREIGN KEY (id) REFERENCES orders (id);", "must keep a new rule: FOREIGN KEY" },
        { "ALTER TABLE customers DROP CONSTRAINT mail_once;", "unique index of public.customers is gone" },
        { "DROP FUNCTION total();", "total() is gone" },
        { "DROP SEQUENCE invoice;", "invoice is gone" },
        { "DROP VIEW open_orders; ALTER TABLE orders ALTER state DROP DEFAULT, ALTER state TYPE text; DROP TYPE state; CREATE TYPE state AS ENUM ('new'); CREATE VIEW open_orders AS SELECT id, amount FROM orders;", "value 'paid'" },
        { "ALTER TABLE orders ALTER amount DROP DEFAULT;", "lost its default" },
        { "ALTER DOMAIN code ADD CHECK (VALUE <> '');", "domain public.code must keep a new rule: CHECK" },
        { "ALTER DOMAIN code SET NOT NULL;", "domain public.code must keep a new rule: NOT NULL" },
        { "ALTER TABLE counters ALTER id ADD GENERATED ALWAYS AS IDENTITY;", "counters.id is always generated now" },
        { "DELETE FROM orders WHERE id > 5;", "Rows of public.orders are gone: it had 20, and has 5" },
    };

    [Theory, MemberData(nameof(Contracting))]
    public async Task A_rehearsal_finds_what_takes_something_away(string statements, string expected)
    {
        using var shop = await PostgresShop.CreateAsync(cluster, 20);
        var work = shop.Work(new DatabaseSpec { Migrations = PostgresShop.Migrations }, artifact: shop.Artifact(statements));
        var backup = await shop.Database.BackUpAsync(work, None);
        var refused = await Should.ThrowAsync<UserErrorException>(() => shop.Database.RehearseAsync(work, backup, mayContract: false, None));
        refused.Message.ShouldContain(expected);
        refused.Remedy.ShouldNotBeNull().ShouldContain("contract");
        await shop.Database.RehearseAsync(work, backup, mayContract: true, None);
        (await shop.BesideAsync()).ShouldBeEmpty();
        (await shop.AskAsync("SELECT count(note) FROM orders;")).ShouldBe("20");
    }

    [Fact]
    public async Task A_rehearsal_lets_what_only_adds_pass_and_then_the_migrations_run()
    {
        using var shop = await PostgresShop.CreateAsync(cluster, 20);
        const string Statements = """
            CREATE TABLE baskets (id serial PRIMARY KEY, owner int NOT NULL REFERENCES customers (id));
            ALTER TABLE customers ADD city text;
            ALTER TABLE customers ADD active boolean NOT NULL DEFAULT true;
            ALTER TABLE customers ALTER name TYPE varchar(80);
            ALTER TABLE customers ALTER name DROP NOT NULL;
            ALTER TABLE customers ADD number uuid UNIQUE;
            ALTER TABLE orders ADD basket int REFERENCES baskets (id);
            ALTER TABLE orders ALTER amount TYPE numeric(12,2) USING amount;
            ALTER TYPE state ADD VALUE 'sent';
            CREATE INDEX orders_by_note ON orders (note);
            CREATE VIEW paid_orders AS SELECT id FROM orders;
            CREATE FUNCTION mean() RETURNS numeric LANGUAGE sql AS 'SELECT avg(amount) FROM orders';
            CREATE SEQUENCE delivery;
            ALTER TABLE orders ADD weight int CHECK (weight > 0);
            """;
        // PostgreSQL itself changes no column that a view reads.
        var artifact = shop.Artifact(Statements.Replace("ALTER TABLE orders ALTER amount TYPE numeric(12,2) USING amount;", "DROP VIEW open_orders; ALTER TABLE orders ALTER amount TYPE numeric(12,2); CREATE VIEW open_orders AS SELECT id, amount FROM orders;", StringComparison.Ordinal));
        var work = shop.Work(new DatabaseSpec { Migrations = PostgresShop.Migrations, Confirm = ["psql", "-X", "-c", "SELECT city FROM customers"] }, artifact: artifact);
        var backup = await shop.Database.BackUpAsync(work, None);
        await shop.Database.RehearseAsync(work, backup, mayContract: false, None);
        (await Should.ThrowAsync<UserErrorException>(() => shop.Database.ConfirmAsync(work, None))).Message.ShouldContain("is not what 2.0.0 expects");
        await shop.Database.MigrateAsync(work, MigrationKind.Expand, None);
        await shop.Database.ConfirmAsync(work, None);
        (shop.Root / "state" / "staging" / "migrations").DirectoryExists().ShouldBeFalse();
    }

    [Fact]
    public async Task Migrations_that_fail_on_the_copy_leave_the_database_alone()
    {
        using var shop = await PostgresShop.CreateAsync(cluster, 20);
        var work = shop.Work(new DatabaseSpec { Migrations = PostgresShop.Migrations }, artifact: shop.Artifact("CREATE TABLE done (i int); SELECT no_such_function();"));
        var backup = await shop.Database.BackUpAsync(work, None);
        (await Should.ThrowAsync<UserErrorException>(() => shop.Database.RehearseAsync(work, backup, mayContract: false, None))).Message.ShouldContain("no_such_function");
        (await shop.AskAsync("SELECT to_regclass('done') IS NULL;")).ShouldBe("t");
        (await shop.BesideAsync()).ShouldBeEmpty();
        (await Should.ThrowAsync<UserErrorException>(() => shop.Database.MigrateAsync(work, MigrationKind.Expand, None))).Message.ShouldContain("failed on " + shop.Name);
    }

    [Fact]
    public async Task A_rehearsal_that_migrates_the_real_database_is_found()
    {
        using var shop = await PostgresShop.CreateAsync(cluster, 20);
        var work = shop.Work(new DatabaseSpec { Migrations = ["sh", "-c", $"PGDATABASE={shop.Name} psql -X -q -c 'ALTER TABLE orders ADD hidden int'"] });
        var backup = await shop.Database.BackUpAsync(work, None);
        var error = await Should.ThrowAsync<UserErrorException>(() => shop.Database.RehearseAsync(work, backup, mayContract: true, None));
        error.Message.ShouldContain("does not take its database from the variables, and the real database has been migrated");
        (await shop.BesideAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_that_was_changed_together_with_what_is_written_beside_it_is_not_believed(bool encrypted)
    {
        using var shop = await PostgresShop.CreateAsync(cluster, 20);
        var work = shop.Work(encrypted: encrypted);
        var backup = await shop.Database.BackUpAsync(work, None);
        var record = shop.CopyOf(backup).Parent / "backup.json";
        var text = record.ReadAllText();
        if (encrypted)
        {
            await File.WriteAllTextAsync(record, text.Replace("\"public.orders\": 20", "\"public.orders\": 19", StringComparison.Ordinal), None);
            (await Should.ThrowAsync<UserErrorException>(() => shop.Database.RestoreAsync(work, backup, None))).Message.ShouldContain("without the passphrase");
        }
        else
        {
            await File.WriteAllTextAsync(record, text.Replace("\"public.orders\": 20", "\"public.orders\": 21", StringComparison.Ordinal), None);
            (await Should.ThrowAsync<UserErrorException>(() => shop.Database.RestoreAsync(work, backup, None))).Message.ShouldContain("public.orders: 21 then, 20 restored");
        }

        await File.WriteAllTextAsync(record, text.Replace(backup.Digest, $"sha256:{new string('0', 64)}", StringComparison.Ordinal), None);
        (await Should.ThrowAsync<UserErrorException>(() => shop.Database.RestoreAsync(work, backup, None))).Message.ShouldContain("another digest than the journal");
        (await Should.ThrowAsync<UserErrorException>(() => shop.Database.RehearseAsync(work, backup, true, None))).Message.ShouldContain("another digest than the journal");
        (await shop.BesideAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restore_asks_before_it_swaps_waits_for_nobody_else_and_keeps_the_comment()
    {
        using var shop = await PostgresShop.CreateAsync(cluster, 20);
        await cluster.AskAsync("postgres", $"COMMENT ON DATABASE {shop.Name} IS 'Ours:\nask Ada';");
        var work = shop.Work() with { Attempt = "7" };
        var backup = await shop.Database.BackUpAsync(work, None);
        await shop.AskAsync("INSERT INTO orders (amount) VALUES (1);");
        var lost = work with { BeforeSwap = _ => throw new UserErrorException("The lock was lost.") };
        (await Should.ThrowAsync<UserErrorException>(() => shop.Database.RestoreAsync(lost, backup, None))).Message.ShouldContain("The lock was lost.");
        (await shop.CountAsync()).ShouldBe(21);

        // While one works on it, another does not.
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var first = shop.Database.RestoreAsync(work with
        {
            BeforeSwap = _ =>
            {
                entered.SetResult();
                return leave.Task;
            },
        }, backup, None);
        await entered.Task;
        (await Should.ThrowAsync<UserErrorException>(() => shop.Database.MigrateAsync(work with { Database = work.Database with { Migrations = ["true"] } }, MigrationKind.Expand, None))).Message.ShouldContain("Another command works on");
        leave.SetResult();
        await first;
        (await shop.CountAsync()).ShouldBe(20);
        await shop.Database.RestoreAsync(work, backup, None);
        shop.Log.ShouldContain("has the copy");
        var comment = await cluster.AskAsync("postgres", $"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{shop.Name}';");
        comment.ShouldStartWith("Ours:\nask Ada\nFairlead: shop/staging");
        await shop.Database.RestoreAsync(work with { Attempt = "8" }, backup, None);
        (await cluster.AskAsync("postgres", $"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{shop.Name}';")).Split('\n').Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named()
    {
        Assert.SkipWhen(cluster.Missing is not null, cluster.Missing ?? "");
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        using var shop = await PostgresShop.CreateAsync(cluster, 1);
        shop.Address = $"postgresql://u:{PostgresCluster.Password}@127.0.0.1:{port}/{shop.Name}?connect_timeout=2";
        var error = await Should.ThrowAsync<UserErrorException>(() => shop.Database.BackUpAsync(shop.Work(), None));
        error.Message.ShouldContain($"127.0.0.1:{port}/{shop.Name} does not answer");
        error.Display.ShouldNotContain(PostgresCluster.Password);
    }

    [Fact]
    public async Task A_restore_loses_no_row_while_a_client_writes_all_the_while()
    {
        using var shop = await PostgresShop.CreateAsync(cluster);
        await cluster.AskAsync("postgres", $"ALTER DATABASE {shop.Name} SET work_mem = '5MB'; REVOKE ALL ON DATABASE {shop.Name} FROM PUBLIC;");
        var work = shop.Work(encrypted: true);
        var backup = await shop.Database.BackUpAsync(work, None);
        using var stop = new CancellationTokenSource();
        var promised = new ConcurrentBag<int>();
        var runner = new ProcessRunner(new Redactor(), TimeProvider.System, shop.Root);
        var writers = Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
        {
            for (var i = 100_000 * (writer + 1); !stop.IsCancellationRequested; i++)
            {
                // Promised is what was committed, as psql says by ending well.
                var result = await runner.RunAsync(cluster.Psql(shop.Name, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO orders (amount) VALUES ({i});")).WithAnyExitCode());
                if (result.ExitCode == 0)
                    promised.Add(i);
            }
        })).ToList();
        await shop.Database.RestoreAsync(work, backup, None);
        var atSwap = promised.Count;
        while (promised.Count < atSwap + 5)
            await Task.Delay(20, None);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        var before = (await shop.BesideAsync()).ShouldHaveSingleItem();
        shop.Log.ShouldContain(before);
        var kept = (await cluster.AskAsync(before, "SELECT amount::int FROM orders;") + "\n" + await shop.AskAsync("SELECT amount::int FROM orders;")).Split('\n').ToHashSet(StringComparer.Ordinal);
        promised.ShouldAllBe(x => kept.Contains(x.ToString(CultureInfo.InvariantCulture)));
        (await shop.AskAsync("SHOW work_mem;")).ShouldBe("5MB");
        (await cluster.AskAsync("postgres", $"SELECT has_database_privilege('pg_monitor', '{shop.Name}', 'CONNECT');")).ShouldBe("f");
        (await shop.AskAsync("SELECT count(*) FROM orders WHERE amount <= 1000;")).ShouldBe("1000");
    }

    [Fact]
    public async Task The_password_stands_in_no_command_line_and_no_log()
    {
        using var shop = await PostgresShop.CreateAsync(cluster);
        using var stop = new CancellationTokenSource();
        var seen = new ConcurrentBag<string>();
        var looks = 0;
        var watcher = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var process in Directory.GetDirectories("/proc").Where(x => char.IsAsciiDigit(x[6])))
                {
                    try
                    {
                        var line = File.ReadAllText($"{process}/cmdline");
                        if (line.Contains(PostgresCluster.Password, StringComparison.Ordinal) || line.Contains(PostgresShop.Passphrase, StringComparison.Ordinal))
                            seen.Add(line);
                    }
                    catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                    {
                        // It has ended.
                    }
                }

                looks++;
            }
        });
        // The migrations shout what they know.
        var work = shop.Work(new DatabaseSpec { Migrations = ["sh", "-c", "env; sleep 0.2"] }, encrypted: true);
        var backup = await shop.Database.BackUpAsync(work, None);
        await shop.Database.RehearseAsync(work, backup, mayContract: false, None);
        await shop.Database.DrillAsync(work, null, None);
        await shop.Database.RestoreAsync(work, backup, None);
        await stop.CancelAsync();
        await watcher;
        looks.ShouldBeGreaterThan(3);
        seen.ShouldBeEmpty();
        shop.Log.ShouldContain("PGPASSWORD=***");
        shop.Log.ShouldNotContain(PostgresCluster.Password);
        foreach (var file in Directory.EnumerateFiles(shop.Root, "*", SearchOption.AllDirectories))
            Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, None)).ShouldNotContain(PostgresCluster.Password);
    }

    [Theory]
    [InlineData("database-backup")]
    [InlineData("database-rehearse")]
    [InlineData("database-drill")]
    [InlineData("database-restore")]
    public async Task A_command_that_is_killed_at_any_program_can_be_repeated_and_nothing_is_lost_or_left(string operation)
    {
        using var shop = await PostgresShop.CreateAsync(cluster, 200);
        // A key for each of these commands would take longer than the commands.
        var backup = await shop.Database.BackUpAsync(shop.Work(encrypted: operation == "database-backup"), None);
        await shop.AskAsync("INSERT INTO orders (amount) VALUES (424242);");
        var programs = await RunAsync(shop, operation, backup.Id, "first", 0, null) ?? throw new InvalidOperationException();
        var spoiled = (await shop.BesideAsync()).Length;
        // Before each program in turn, or a moment after its start; those of a restore, which changes what is there, all.
        var points = Points(programs, operation == "database-restore" ? programs : 3);
        foreach (var (victim, after) in points)
        {
            var attempt = $"{victim}-{after}";
            await RunAsync(shop, operation, backup.Id, attempt, victim, after);
            // The database is there under its name, with all that it has promised, whatever was killed.
            (await shop.CountAsync()).ShouldBeInRange(200, 201);
            (await RunAsync(shop, operation, backup.Id, attempt, 0, null)).ShouldNotBeNull();
            (await shop.BesideAsync()).Where(x => !x.Contains("_before_", StringComparison.Ordinal)).ShouldBeEmpty();
            Directory.GetDirectories(shop.Root / "state" / "staging" / "backups", "*.unfinished").ShouldBeEmpty();
        }

        var beside = await shop.BesideAsync();
        if (operation == "database-restore")
        {
            // Each attempt puts one database beside, however often it is repeated.
            beside.Length.ShouldBe(spoiled + points.Length);
            var rows = 0;
            foreach (var before in beside)
                rows += int.Parse(await cluster.AskAsync(before, "SELECT count(*) FROM orders WHERE amount = 424242;"), CultureInfo.InvariantCulture);
            rows.ShouldBe(1, "The row that was written after the copy is in what was there before.");
        }
        else
        {
            beside.ShouldBeEmpty();
            (await shop.CountAsync()).ShouldBe(201);
        }
    }

    static (int Victim, int? After)[] Points(int programs, int most) =>
        [.. Enumerable.Range(0, Math.Min(programs, most)).Select(x => (1 + x * programs / Math.Min(programs, most), x % 2 == 0 ? (int?)30 : null))];

    /// <summary>Runs a command in a process of its own.</summary>
    /// <returns>How many programs it started; null when it was killed.</returns>
    async Task<int?> RunAsync(PostgresShop shop, string operation, string copy, string attempt, int victim, int? after)
    {
        List<string> arguments =
        [
            CrashReleases.OutputOf("tests/Fairlead.CrashHost") / "Fairlead.CrashHost.dll",
            "--operation", operation, "--state", shop.Root / "state", "--copy", copy, "--attempt", attempt, "--kill", $"{victim}", "--migrations", "true",
        ];
        if (operation == "database-backup")
            arguments.AddRange(["--key", "BACKUP_KEY"]);
        if (after is not null)
            arguments.AddRange(["--after", $"{after}"]);
        var runner = new ProcessRunner(new Redactor(), TimeProvider.System, shop.Root);
        var result = await runner.RunAsync(ToolCommand.Of(CrashReleases.Dotnet, [.. arguments])
            .WithEnvironment("DATABASE_URL", shop.Variable("DATABASE_URL")).WithEnvironment("BACKUP_KEY", PostgresShop.Passphrase)
            .WithAnyExitCode() with
        { Timeout = TimeSpan.FromMinutes(1) });
        if (victim > 0 && result.ExitCode == 137)
            return null;
        result.ExitCode.ShouldBe(0, $"{operation} {victim} {after}: {string.Join('\n', result.Lines.Select(x => x.Text))}");
        return int.Parse(result.StandardOutput.Split('\n')[^1].Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
