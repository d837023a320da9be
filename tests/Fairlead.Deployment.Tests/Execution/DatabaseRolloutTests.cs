using Fairlead.Testing;
using Fairlead.Tooling;
using static Fairlead.Deployment.Tests.KilledCommands;

namespace Fairlead.Deployment.Tests;

public sealed class DatabaseRolloutTests(ITestOutputHelper output)
{
    static readonly DatabaseSpec Full = new()
    {
        Name = "shop",
        Migrations = ["migrate"],
        Contract = ["contract"],
        Down = ["down"],
        Confirm = ["confirm"],
        BacksUp = true,
        Rehearses = true,
    };

    static World Of(string strategy = "", DatabaseFallback fallback = DatabaseFallback.Keep, bool contracts = true)
    {
        var world = new World($$"""
            application: shop
            environments:
              staging:
                url: http://127.0.0.1:5080
                replicas: 2
                {{strategy}}
            """);
        world.File = world.File with
        {
            Environments = [.. world.File.Environments.Select(x => x with { Database = Full with { OnRollback = fallback, Contract = contracts ? Full.Contract : [] } })],
        };
        return world;
    }

    static async Task<string> Plan(World world, string version) => (await world.Drive(() => world.Deployer().PlanAsync(world.Staging, World.Release(version), default))).ToString();

    [Fact]
    public async Task The_journal_knows_its_copies_and_the_artifact_of_the_release_from_which_one_is()
    {
        var world = Of(contracts: false);
        await world.Deploy("1.0.0");
        await world.Deploy("1.1.0");
        var journal = new BackupJournal(world.Store);
        var copy = (await world.History()).Backups[^1];
        (await journal.FindAsync("staging", copy.Id, default)).ShouldBe(copy);
        (await journal.FindAsync("staging", "made-elsewhere", default)).ShouldBeNull();
        copy.Release.ShouldBe("1.0.0");
        var work = new DatabaseWork { Application = "shop", Environment = "staging", Database = new DatabaseSpec(), Log = _ => { } };
        var ready = await journal.OfReleaseAsync(work, copy.Release, default);
        ready.Version.ShouldBe("1.0.0");
        ready.Artifact.ShouldNotBeNull();
        ready.Database.Confirm.ShouldBe(["confirm"]);
        (await journal.OfReleaseAsync(work, null, default)).ShouldBe(work);
        (await journal.OfReleaseAsync(work, "0.1.0", default)).ShouldBe(work);
    }

    [Fact]
    public async Task The_database_changes_before_anything_starts_and_contracts_when_the_old_revision_has_gone()
    {
        var world = Of();
        await world.Deploy("1.0.0");
        (await Plan(world, "1.1.0")).ShouldBe("""
            Deploy shop 1.1.0 to staging, blue-green
               1  prepare          open http://127.0.0.1:5080 for shop
               2  backup           copy the database shop
               3  rehearse         restore the copy beside the database and try the migrations of 1.1.0 there: they may take nothing away that the version before uses
               4  migrate          migrate the database to 1.1.0: migrate
               5  confirm          confirm the migrations: confirm
               6  bring-up shop.2  start 2 replicas of 1.1.0 without traffic
               7  await shop.2     wait until all replicas are healthy, at most 1m
               8  guard            when this command is lost for 5m, the traffic goes back to shop.1 by itself
               9  switch shop      traffic: shop.1 100 % → shop.2 100 %
              10  verify shop      GET http://127.0.0.1:5080/ready
              11  unguard          nothing goes back by itself from here on
              12  retire shop.1    let it finish its requests and stop it
              13  record           shop 1.1.0 is live on staging

            Then: Contract the database of staging to shop 1.1.0
              1  backup    copy the database shop
              2  contract  take away what only the version before 1.1.0 used: contract
              3  record    the database of staging has what shop 1.1.0 uses, and no more
            """.ReplaceLineEndings("\n"), StringCompareShould.IgnoreLineEndings);
        await world.Deploy("1.1.0");
        world.Database.Now.ToString().ShouldBe("1.0.0 1.1.0 | 1.0.0 1.1.0");
    }

    [Fact]
    public async Task Where_the_old_revision_stops_first_the_database_changes_while_nothing_runs()
    {
        var world = Of("strategy: recreate");
        await world.Deploy("1.0.0");
        var steps = (await world.Drive(() => world.Deployer().PlanAsync(world.Staging, World.Release("1.1.0"), default))).Steps.Select(x => x.Id).ToList();
        steps.IndexOf("scale shop.1 to 0").ShouldBeLessThan(steps.IndexOf("backup"));
        steps.IndexOf("confirm").ShouldBeLessThan(steps.IndexOf("bring-up shop.2"));
        world.Database.Contracting.Add("1.1.0");
        await world.Deploy("1.1.0");
        world.Database.Now.Expanded.ShouldContain("1.1.0");
    }

    [Fact]
    public async Task Migrations_that_contract_are_refused_where_two_versions_live_together_and_nothing_was_changed()
    {
        var world = Of();
        await world.Deploy("1.0.0");
        world.Database.Contracting.Add("1.1.0");
        (await Should.ThrowAsync<UserErrorException>(() => world.Deploy("1.1.0"))).Message.ShouldContain("take away what the version before uses");
        world.Database.Now.Expanded.ShouldNotContain("1.1.0");
        await world.ShouldBeWhole("1.0.0", "refused by the rehearsal");
    }

    [Theory]
    [InlineData("", DatabaseFallback.Keep, "1.0.0 1.1.0 | ")]
    [InlineData("", DatabaseFallback.MigrateDown, "1.0.0 | ")]
    // The old version went on writing, so its rows must not be lost by a copy.
    [InlineData("", DatabaseFallback.Restore, "1.0.0 1.1.0 | ")]
    [InlineData("strategy: recreate", DatabaseFallback.Restore, "1.0.0 | ")]
    public async Task A_failing_migration_leaves_the_old_revision_serving(string strategy, DatabaseFallback fallback, string schema)
    {
        var world = Of(strategy, fallback, contracts: false);
        world.File = world.File with { Environments = [.. world.File.Environments.Select(x => x with { Database = x.Database! with { Rehearses = false } })] };
        await world.Deploy("1.0.0");
        world.Database.Failing.Add("1.1.0");
        (await Should.ThrowAsync<UserErrorException>(() => world.Deploy("1.1.0"))).Message.ShouldContain("1.0.0 goes on serving");
        world.Database.Now.ToString().ShouldBe(schema);
        world.Log.Exists(x => x.Contains("--accept-data-loss", StringComparison.Ordinal)).ShouldBe(fallback == DatabaseFallback.Restore && strategy.Length == 0);
        await world.ShouldBeWhole("1.0.0", "after a failing migration");
    }

    [Fact]
    public async Task A_copy_is_not_brought_back_by_itself_when_the_new_version_had_the_traffic()
    {
        var world = Of("strategy: recreate", DatabaseFallback.Restore, contracts: false);
        world.File = world.File with { Environments = [.. world.File.Environments.Select(x => x with { Checks = [new CheckSpec { Name = "smoke", Command = ["smoke"] }] })] };
        await world.Deploy("1.0.0");
        world.Checks.Failing.Add("smoke");
        (await Should.ThrowAsync<UserErrorException>(() => world.Deploy("1.1.0"))).Message.ShouldContain("--accept-data-loss");
        world.Database.Copies.ShouldNotContain(x => x.StartsWith("restore", StringComparison.Ordinal));
        await world.ShouldBeWhole("1.0.0", "after a failed check");
    }

    [Fact]
    public async Task With_a_fallback_the_contracting_migrations_are_due_and_run_when_it_has_gone_or_may_go()
    {
        var world = Of("blue_green: { fallback: 15m }");
        await world.Deploy("1.0.0");
        await world.Deploy("1.1.0");
        world.Database.Now.ToString().ShouldBe("1.0.0 1.1.0 | 1.0.0");
        (await world.Status()).ToString().ShouldContain(":contract staging");
        (await Should.ThrowAsync<UserErrorException>(() => Contract(world, now: false))).Message.ShouldContain("kept as the fallback");
        (await Contract(world, now: true)).ShouldContain("1.1.0");
        world.Database.Now.ToString().ShouldBe("1.0.0 1.1.0 | 1.0.0 1.1.0");
        (await Contract(world, now: false)).ShouldContain("nothing was changed");
        // The next deployment does it first when nobody has.
        await world.Deploy("1.2.0");
        await world.Deploy("2.0.0");
        world.Database.Now.ToString().ShouldBe("1.0.0 1.1.0 1.2.0 2.0.0 | 1.0.0 1.1.0 1.2.0");
        await world.ShouldBeWhole("2.0.0", "contracted");
    }

    [Fact]
    public async Task Going_back_behind_contracting_migrations_needs_somebody_who_says_what_becomes_of_the_data()
    {
        var world = Of();
        await world.Deploy("1.0.0");
        await world.Deploy("1.1.0");
        var refused = await Should.ThrowAsync<UserErrorException>(() => world.Rollback());
        refused.Message.ShouldContain("may not work with the database");
        refused.Remedy!.ShouldContain("--accept-data-loss");
        await world.Rollback(DatabaseChoice.Keep);
        await world.ShouldBeWhole("1.0.0", "kept");
        world.Database.Now.ToString().ShouldBe("1.0.0 1.1.0 | 1.0.0 1.1.0");
        await world.Deploy("1.2.0");
        var before = world.Database.Copies[^1]["backup ".Length..];
        await world.Rollback(DatabaseChoice.AcceptDataLoss);
        await world.ShouldBeWhole("1.0.0", "restored");
        world.Database.Now.ToString().ShouldBe("1.0.0 1.1.0 1.2.0 | 1.0.0 1.1.0");
        // The copy from directly before the contraction: the least is lost with it.
        world.Database.Copies[^1].ShouldBe($"restore {before}");
    }

    [Fact]
    public async Task A_rollback_migrates_down_release_by_release_or_says_that_the_database_stays()
    {
        var world = Of(fallback: DatabaseFallback.MigrateDown, contracts: false);
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0"])
            await world.Deploy(version);
        await world.Rollback("1.0.0");
        world.Database.Now.ToString().ShouldBe("1.0.0 | ");
        await world.ShouldBeWhole("1.0.0", "migrated down");

        var kept = Of(fallback: DatabaseFallback.Restore, contracts: false);
        await kept.Deploy("1.0.0");
        await kept.Deploy("1.1.0");
        await kept.Rollback();
        kept.Log.ShouldContain(x => x.Contains("needs --accept-data-loss", StringComparison.Ordinal));
        kept.Database.Now.ToString().ShouldBe("1.0.0 1.1.0 | ");
    }

    [Theory]
    [InlineData("", "deploy 1.1.0", "deploy 1.1.0", "1.1.0")]
    [InlineData("", "deploy 1.1.0", "deploy 1.2.0", "1.2.0")]
    [InlineData("", "deploy 1.1.0", "rollback 1.0.0", "1.0.0")]
    [InlineData("strategy: recreate", "deploy 1.1.0", "deploy 1.1.0", "1.1.0")]
    [InlineData("strategy: recreate", "deploy 1.1.0", "deploy 1.2.0", "1.2.0")]
    [InlineData("strategy: recreate", "deploy 1.1.0", "rollback 1.0.0", "1.0.0")]
    [InlineData("blue_green: { fallback: 15m }", "deploy 1.1.0", "deploy 1.2.0", "1.2.0")]
    public async Task Killed_at_every_effect_no_version_serves_without_its_migrations_and_nothing_written_is_lost(string strategy, string killed, string next, string version)
    {
        foreach (var fallback in Enum.GetValues<DatabaseFallback>())
        {
            var effects = int.MaxValue;
            for (var index = -1; index < effects * 2; index++)
            {
                var name = $"{strategy}, {fallback}: '{killed}' killed {(index < 0 ? "never" : Name(index))}, '{next}'";
                var world = Of(strategy, fallback, contracts: false);
                await world.Deploy("1.0.0");
                world.Platform.Behaviour = spec =>
                {
                    world.Database.Now.Expanded.ShouldContain(spec.Version, name);
                    return new SimulatedBehaviour();
                };
                var since = 0;
                world.Database.OnCopy = (_, isRestored) =>
                {
                    if (isRestored)
                        world.Platform.States.Skip(since).Any(x => x.Weights.Values.Any(y => y != TrafficWeights.None)).ShouldBeFalse(name);
                    since = world.Platform.States.Count;
                };
                world.UseKillSwitch(new KillSwitch());
                if (index < 0)
                {
                    await Run(world, killed, name);
                    effects = world.Memory.Kill.Effects.Count;
                    continue;
                }

                await RunKilled(world, killed, index);
                world.UseKillSwitch(new KillSwitch());
                await Run(world, next, name);
                await world.ShouldBeWhole(version, name);
                world.Database.Now.Expanded.ShouldContain(version, name);
            }

            output.WriteLine($"{strategy}, {fallback}: {effects} effects of '{killed}', killed before and after each, then '{next}'");
        }
    }

    static Task<string> Contract(World world, bool now) => world.Drive(() => world.Deployer().ContractAsync(world.Staging, now, world.Log.Add, default));

    [Fact]
    public async Task A_contraction_that_fails_keeps_nobody_from_deploying_or_going_back_and_is_owed()
    {
        var world = Of();
        await world.Deploy("1.0.0");
        world.Database.FailingContraction = true;
        await world.Deploy("1.1.0");
        world.Log.ShouldContain(x => x.StartsWith("WARNING: the contracting migrations of 1.1.0 did not succeed", StringComparison.Ordinal));
        await world.ShouldBeWhole("1.1.0", "live all the same");
        await world.Deploy("1.2.0");
        await world.ShouldBeWhole("1.2.0", "the next one, too");
        // Half of it may have happened.
        (await Should.ThrowAsync<UserErrorException>(() => world.Rollback())).Message.ShouldContain("may not work with the database");
        await world.Rollback(DatabaseChoice.Keep);
        await world.ShouldBeWhole("1.1.0", "kept");
    }

    [Theory]
    [InlineData(DatabaseChoice.AcceptDataLoss, null, true)]
    [InlineData(DatabaseChoice.AcceptDataLoss, DatabaseChoice.AcceptDataLoss, true)]
    [InlineData(DatabaseChoice.AcceptDataLoss, DatabaseChoice.Keep, false)]
    [InlineData(DatabaseChoice.Keep, null, false)]
    public async Task A_rollback_that_was_killed_does_with_the_database_what_was_said_last(DatabaseChoice first, DatabaseChoice? second, bool isRestored)
    {
        foreach (var contracts in (bool[])[false, true])
        {
            for (var index = 0; ; index++)
            {
                var world = Of(contracts: contracts);
                await world.Deploy("1.0.0");
                await world.Deploy("1.1.0");
                var kill = new KillSwitch(index / 2 + 1, afterwards: index % 2 == 1);
                world.UseKillSwitch(kill);
                try
                {
                    await world.Rollback(first, "1.0.0");
                }
                catch (Exception) when (kill.IsDead)
                {
                }

                if (!kill.IsDead)
                    break;
                world.Memory.ReleaseLocks();
                world.UseKillSwitch(new KillSwitch());
                var name = $"{first}, {second}, {contracts}: {Name(index)}";
                // Killed before the journal had a word of it, it never was: then somebody has to say it again.
                var began = (await world.History()).Unfinished is not null || (await world.History()).Live!.Target.Release.Version == "1.0.0";
                await world.Rollback(second ?? (began ? DatabaseChoice.AsConfigured : first), "1.0.0");
                await world.ShouldBeWhole("1.0.0", name);
                var restored = world.Database.Copies.Count(x => x.StartsWith("restore", StringComparison.Ordinal));
                if (isRestored)
                    restored.ShouldBeGreaterThan(0, name);
                else if (first == DatabaseChoice.Keep)
                    restored.ShouldBe(0, name);
            }
        }
    }

    [Fact]
    public async Task A_rollback_of_a_deployment_that_was_killed_never_contracts()
    {
        for (var index = 0; ; index++)
        {
            var world = Of();
            await world.Deploy("1.0.0");
            var kill = new KillSwitch(index / 2 + 1, afterwards: index % 2 == 1);
            world.UseKillSwitch(kill);
            try
            {
                await world.Deploy("1.1.0");
            }
            catch (Exception) when (kill.IsDead)
            {
            }

            if (!kill.IsDead)
                break;
            world.Memory.ReleaseLocks();
            world.UseKillSwitch(new KillSwitch());
            var before = world.Database.Now.Contracted;
            var intended = (await world.Store.ReadJournalAsync("staging", default)).Count(x => x.Event is JournalEvent.StepIntended { Step: "contract" }) > 1;
            try
            {
                await world.Rollback("1.0.0");
                intended.ShouldBeFalse(Name(index));
                await world.ShouldBeWhole("1.0.0", Name(index));
            }
            catch (UserErrorException exception)
            {
                // What may have been contracted is never gone behind unasked.
                intended.ShouldBeTrue($"{Name(index)}: {exception.Message}");
            }

            world.Database.Now.Contracted.ShouldBe(before, Name(index));
        }
    }

    [Fact]
    public async Task An_interrupted_restore_is_finished_only_by_those_who_want_it()
    {
        foreach (var end in (string[])["abort", "rollback", "resume", "deploy"])
        {
            var world = Of(contracts: false);
            await world.Deploy("1.0.0");
            await world.Deploy("1.1.0");
            var copy = (await world.History()).Backups[^1];
            // Killed before the effect.
            world.UseKillSwitch(new KillSwitch(4));
            await Should.ThrowAsync<SimulatedKillException>(() => Restore(world, copy));
            world.Memory.ReleaseLocks();
            world.UseKillSwitch(new KillSwitch());
            (await world.History()).Unfinished!.Kind.ShouldBe(OperationKind.Restore);
            switch (end)
            {
                case "deploy":
                    (await Should.ThrowAsync<UserErrorException>(() => world.Deploy("1.2.0"))).Remedy!.ShouldContain(":resume staging");
                    break;
                case "rollback":
                    await world.Rollback();
                    break;
                default:
                    await world.Drive(() => world.Deployer().OperateAsync(world.Staging, end == "abort" ? OperatorAction.Abort : OperatorAction.Resume, world.Log.Add, default));
                    break;
            }

            world.Database.Copies.Any(x => x.StartsWith("restore", StringComparison.Ordinal)).ShouldBe(end == "resume", end);
        }
    }

    [Fact]
    public async Task What_was_restored_is_migrated_again_by_the_next_deployment()
    {
        var world = Of(contracts: false);
        await world.Deploy("1.0.0");
        await world.Deploy("1.1.0");
        await Restore(world, (await world.History()).Backups[^1]);
        world.Database.Now.Expanded.ShouldNotContain("1.1.0");
        await world.Deploy("1.1.0");
        world.Database.Now.Expanded.ShouldContain("1.1.0");
    }

    [Fact]
    public async Task A_copy_that_is_made_while_a_deployment_waits_lets_it_wait()
    {
        var world = Of(contracts: false);
        world.File = world.File with { Environments = [.. world.File.Environments.Select(x => x with { Approvals = new ApprovalSpec { Required = true } })] };
        await Should.ThrowAsync<ApprovalPendingException>(() => world.Deploy("1.0.0"));
        await world.Drive(() => world.Deployer().BackUpAsync(world.Staging, world.Log.Add, default));
        (await world.History()).Unfinished!.IsWaiting.ShouldBeTrue();
        // Going on is deploying again, by all the rules.
        (await Should.ThrowAsync<UserErrorException>(() => world.Drive(() => world.Deployer().OperateAsync(world.Staging, OperatorAction.Resume, world.Log.Add, default)))).ExitCode.ShouldBe(6);
    }

    static Task<bool> Restore(World world, DatabaseBackup backup) => world.Drive(async () =>
    {
        await world.Deployer().RestoreDatabaseAsync(world.Staging, backup, acceptsDataLoss: true, world.Log.Add, default);
        return true;
    });
}
