namespace Fairlead.Deployment.Tests;

public sealed class DatabaseReaderTests
{
    static EnvironmentsFile Read(string lines) =>
        EnvironmentsFile.Parse($"environments:\n  staging:\n    url: http://127.0.0.1:5080\n{string.Join('\n', lines.Split('\n').Select(x => "    " + x))}\n", "environments.yml", "shop");

    static DatabaseSpec Database(string lines)
    {
        var file = Read(lines);
        file.Problems.ShouldBeEmpty();
        return file.Environment("staging").Database.ShouldNotBeNull();
    }

    [Fact]
    public void A_name_alone_does_nothing_in_a_rollout() => Database("database: shop").TakesPart.ShouldBeFalse();

    [Fact]
    public void Migrations_bring_a_copy_and_a_rehearsal()
    {
        var database = Database("database: { connection: env:DATABASE_URL, migrations: dotnet Migrate.dll }\nbackup: { database: { retention: 30d, frequency: 6h } }");
        database.Migrations.ShouldBe(["dotnet", "Migrate.dll"]);
        (database.BacksUp, database.Rehearses, database.OnRollback).ShouldBe((true, true, DatabaseFallback.Keep));
        (database.Retention, database.Frequency).ShouldBe((TimeSpan.FromDays(30), TimeSpan.FromHours(6)));
        database.Connection.ShouldBe(new SecretReference("env", "DATABASE_URL"));
        var without = Database("database: { migrations: dotnet Migrate.dll, backup: none }");
        (without.BacksUp, without.Rehearses).ShouldBe((false, false));
        var own = Database("database: { migrations: dotnet Migrate.dll, backup: [copy], restore: [paste] }");
        (own.BacksUp, own.Rehearses).ShouldBe((true, false));
    }

    [Theory]
    [InlineData("database: { name: shop, contract: [x] }", "has 'contract', but no 'migrations'")]
    [InlineData("database: { name: shop, down: [x] }", "has 'down', but no 'migrations'")]
    [InlineData("database: { migrations: [x], on_rollback: migrate-down }", "has no 'down'")]
    [InlineData("database: { migrations: [x], on_rollback: restore, backup: none }", "no copy is made before")]
    [InlineData("database: { migrations: [x], rehearse: true, backup: none }", "no copy is made on which")]
    [InlineData("database: { migrations: [x], backup: [copy] }", "nothing says what restores")]
    [InlineData("database: { migrations: [x] }\nbackup: { database: { encryption: true } }", "nothing says with which passphrase")]
    [InlineData("database: { connection: env:X }\nbackup: { database: { frequency: often } }", "must be hourly, daily")]
    [InlineData("database: { connection: env:X, directory: copies }", "must be a full path")]
    [InlineData("database: { connection: 'postgresql://shop:hunter2@host/shop' }", "is not a reference")]
    [InlineData("database: { connection: hunter2 }", "is not a reference")]
    [InlineData("database: { connection: env:X, key: hunter2 }", "is not a reference")]
    [InlineData("secrets: { vault: { token: hunter2 } }", "neither 'env:NAME' nor")]
    [InlineData("secrets: { vault: { address: 'https://u:hunter2@vault' } }", "must be an https address")]
    [InlineData("secrets: { providers: { pass: { command: [pass, show] } } }", "has no '{key}'")]
    [InlineData("secrets: { providers: { vault: { command: [pass, '{key}'] } } }", "cannot be the name of a provider")]
    [InlineData("secrets: { providers: { pass: {} } }", "has no 'command'")]
    public void Each_mistake_is_told_once_with_its_line_and_without_any_secret(string lines, string expected)
    {
        var problem = Read(lines).Problems.ShouldHaveSingleItem();
        problem.Message.ShouldContain(expected);
        problem.Remedy.ShouldNotBeNull();
        problem.Where.ShouldNotBeNull();
        problem.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void A_reference_takes_along_how_its_store_is_reached()
    {
        var secrets = Read("secrets: { provider: kubernetes-secrets, kubernetes: { namespace: shop }, A: 'kubernetes:x#y', B: { key: x#y }, C: env:C }").Environment("staging").Services[0].Secrets;
        secrets["A"].Store.ShouldBe(new SecretStore { Namespace = "shop" });
        secrets["B"].ShouldBe(secrets["A"]);
        secrets["C"].Store.ShouldBeNull();
    }
}
