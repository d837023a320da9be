using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.Deployment.Tests;

public sealed class RolloutPlannerTests
{
    [Fact]
    public void The_first_deployment() => Print(Deploy("1.0.0", live: null, PlatformState.Empty)).ShouldBe("""
        Deploy shop 1.0.0 to staging, blue-green
           1  prepare          open http://127.0.0.1:5080 for api, jobs (worker)
           2  bring-up api.1   start 1 replica of 1.0.0 without traffic
           3  bring-up jobs.2  start 1 replica of 1.0.0 without traffic
           4  await api.1      wait until all replicas are healthy, at most 1m
           5  await jobs.2     wait until all replicas are healthy, at most 1m
           6  recheck          check that api.1, jobs.2 are still healthy
           7  switch api       traffic: none → api.1 100 %
           8  switch jobs      traffic: none → jobs.2 100 %
           9  verify api       GET http://127.0.0.1:5080/ready
          10  record           shop 1.0.0 is live on staging
        """);

    [Fact]
    public void A_new_release_beside_the_old_one() => Print(Deploy("1.1.0", Live("1.0.0"), Running("1.0.0"))).ShouldBe("""
        Deploy shop 1.1.0 to staging, blue-green
           1  prepare          open http://127.0.0.1:5080 for api, jobs (worker)
           2  bring-up api.3   start 1 replica of 1.1.0 without traffic
           3  bring-up jobs.4  start 1 replica of 1.1.0 without traffic
           4  await api.3      wait until all replicas are healthy, at most 1m
           5  await jobs.4     wait until all replicas are healthy, at most 1m
           6  recheck          check that api.3, jobs.4 are still healthy
           7  guard            when this command is lost for 5m, the traffic goes back to api.1, jobs.2 by itself
           8  switch api       traffic: api.1 100 % → api.3 100 %
           9  switch jobs      traffic: jobs.2 100 % → jobs.4 100 %
          10  verify api       GET http://127.0.0.1:5080/ready
          11  unguard          nothing goes back by itself from here on
          12  retire api.1     let it finish its requests and stop it
          13  retire jobs.2    let it finish its requests and stop it
          14  record           shop 1.1.0 is live on staging
        """);

    [Fact]
    public void The_same_release_again_needs_nothing() => Print(Deploy("1.0.0", Live("1.0.0"), Running("1.0.0"))).ShouldBe("""
        Deploy shop 1.0.0 to staging, blue-green
          nothing to do: it is already live
        """);

    [Fact]
    public void A_service_whose_artifact_and_configuration_are_the_same_keeps_its_revision()
    {
        var wish = Wish("1.1.0") with { Services = [Wish("1.1.0").Services[0], Wish("1.0.0").Services[1]] };
        Print(Deploy(wish, Live("1.0.0"), Running("1.0.0"))).ShouldBe("""
            Deploy shop 1.1.0 to staging, blue-green
              1  prepare         open http://127.0.0.1:5080 for api, jobs (worker)
              2  bring-up api.3  start 1 replica of 1.1.0 without traffic
              3  await api.3     wait until all replicas are healthy, at most 1m
              4  guard           when this command is lost for 5m, the traffic goes back to api.1 by itself
              5  switch api      traffic: api.1 100 % → api.3 100 %
              6  verify api      GET http://127.0.0.1:5080/ready
              7  unguard         nothing goes back by itself from here on
              8  retire api.1    let it finish its requests and stop it
              9  record          shop 1.1.0 is live on staging
            """);
    }

    [Fact]
    public void Another_release_of_the_same_artifacts_is_only_recorded()
    {
        var wish = Wish("1.0.0") with { Release = World.Release("1.1.0") };
        Print(Deploy(wish, Live("1.0.0"), Running("1.0.0"))).ShouldBe("""
            Deploy shop 1.1.0 to staging, blue-green
              1  record  shop 1.1.0 is live on staging
            """);
    }

    [Fact]
    public void A_service_that_is_no_longer_wanted_loses_its_traffic_and_goes_at_the_end()
    {
        var wish = Wish("1.1.0") with { Services = [Wish("1.1.0").Services[0]] };
        Print(Deploy(wish, Live("1.0.0"), Running("1.0.0"))).ShouldBe("""
            Deploy shop 1.1.0 to staging, blue-green
               1  prepare         open http://127.0.0.1:5080 for api
               2  bring-up api.3  start 1 replica of 1.1.0 without traffic
               3  await api.3     wait until all replicas are healthy, at most 1m
               4  guard           when this command is lost for 5m, the traffic goes back to api.1 by itself
               5  switch api      traffic: api.1 100 % → api.3 100 %
               6  verify api      GET http://127.0.0.1:5080/ready
               7  unguard         nothing goes back by itself from here on
               8  switch jobs     traffic: jobs.2 100 % → none
               9  retire api.1    let it finish its requests and stop it
              10  retire jobs.2   let it finish its requests and stop it
              11  close-others    close the addresses that are not used any more
              12  record          shop 1.1.0 is live on staging
            """);
    }

    [Fact]
    public void A_live_revision_that_is_unhealthy_is_replaced_though_the_release_is_the_same()
    {
        var broken = With(Running("1.0.0"), "api.1", RevisionPhase.Unhealthy);
        Print(Deploy("1.0.0", Live("1.0.0"), broken)).ShouldBe("""
            Deploy shop 1.0.0 to staging, blue-green
              1  prepare         open http://127.0.0.1:5080 for api, jobs (worker)
              2  bring-up api.3  start 1 replica of 1.0.0 without traffic
              3  await api.3     wait until all replicas are healthy, at most 1m
              4  guard           when this command is lost for 5m, the traffic goes back to api.1 by itself
              5  switch api      traffic: api.1 100 % → api.3 100 %
              6  verify api      GET http://127.0.0.1:5080/ready
              7  unguard         nothing goes back by itself from here on
              8  retire api.1    let it finish its requests and stop it
              9  record          shop 1.0.0 is live on staging
            """);
    }

    [Fact]
    public void A_new_address_is_opened_and_asked_without_a_new_revision()
    {
        var wish = Wish("1.0.0");
        wish = wish with { Services = wish.Services.SetItem(0, wish.Services[0] with { Url = new Uri("http://127.0.0.1:5099") }) };
        Print(Deploy(wish, Live("1.0.0"), Running("1.0.0"))).ShouldBe("""
            Deploy shop 1.0.0 to staging, blue-green
              1  prepare       open http://127.0.0.1:5099 for api, jobs (worker)
              2  verify api    GET http://127.0.0.1:5099/ready
              3  close-others  close the addresses that are not used any more
              4  record        shop 1.0.0 is live on staging
            """);
    }

    [Fact]
    public void Taking_back_a_deployment_that_had_moved_one_of_two_services()
    {
        var (target, observed) = HalfWay();
        Print(UndoPlanner.Plan("staging", target, Live("1.0.0"), observed)).ShouldBe("""
            Take back shop 1.1.0 on staging
              1  switch api     traffic: api.3 100 % → api.1 100 %
              2  retire api.3   let it finish its requests and stop it
              3  retire jobs.4  let it finish its requests and stop it
              4  unguard        nothing goes back by itself from here on
              5  verify api     GET http://127.0.0.1:5080/ready
              6  record         shop 1.0.0 is live on staging
            """);
    }

    [Fact]
    public void Going_on_with_it_does_only_what_is_left()
    {
        var (target, observed) = HalfWay();
        Print(RolloutPlanner.Plan("staging", OperationKind.Deploy, target, Live("1.0.0"), observed)).ShouldBe("""
            Deploy shop 1.1.0 to staging, blue-green
              1  prepare        open http://127.0.0.1:5080 for api, jobs (worker)
              2  recheck        check that api.3, jobs.4 are still healthy
              3  guard          when this command is lost for 5m, the traffic goes back to api.1, jobs.2 by itself
              4  switch jobs    traffic: jobs.2 100 % → jobs.4 100 %
              5  verify api     GET http://127.0.0.1:5080/ready
              6  unguard        nothing goes back by itself from here on
              7  retire api.1   let it finish its requests and stop it
              8  retire jobs.2  let it finish its requests and stop it
              9  record         shop 1.1.0 is live on staging
            """);
    }

    [Fact]
    public void Taking_back_the_very_first_deployment_leaves_nothing()
    {
        var target = RolloutPlanner.Aim(Wish("1.0.0"), null, 0, PlatformState.Empty);
        Print(UndoPlanner.Plan("staging", target, stable: null, Running("1.0.0"))).ShouldBe("""
            Take back shop 1.0.0 on staging
              1  switch api     traffic: api.1 100 % → none
              2  switch jobs    traffic: jobs.2 100 % → none
              3  retire api.1   let it finish its requests and stop it
              4  retire jobs.2  let it finish its requests and stop it
              5  remove         stop everything, endpoints included
              6  record         nothing is live on staging
            """);
    }

    [Fact]
    public void From_whatever_state_a_plan_keeps_every_promise() =>
        Prop.ForAll(Situations.ToArbitrary(), situation =>
        {
            var (wish, live, observed, lastOrdinal) = situation;
            var target = RolloutPlanner.Aim(wish, live, lastOrdinal, observed);
            foreach (var service in target.Services.Where(x => live?.Find(x.Name)?.Ordinal != x.Ordinal))
            {
                service.Ordinal.ShouldBeGreaterThan(lastOrdinal);
                observed.Revisions.ShouldAllBe(x => x.Revision.Ordinal != service.Ordinal);
            }

            var end = Follow(RolloutPlanner.Plan("staging", OperationKind.Deploy, target, live, observed), target, observed);
            end.Revisions.Select(x => x.Revision.Name).Order(StringComparer.Ordinal).ShouldBe(target.Services.Select(x => x.Revision.Name).Order(StringComparer.Ordinal));
            foreach (var service in target.Services)
                end.WeightsOf(service.Name).ShouldBe(TrafficWeights.AllTo(service.Revision.Name));
            RolloutPlanner.Plan("staging", OperationKind.Deploy, target, target, end).IsEmpty.ShouldBeTrue();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Stopped_after_any_step_the_rest_of_the_plan_and_taking_back_both_work() =>
        Prop.ForAll((from situation in Situations from stop in Gen.Choose(0, 20) select (situation, stop)).ToArbitrary(), x =>
        {
            var (wish, live, observed, lastOrdinal) = x.situation;
            var target = RolloutPlanner.Aim(wish, live, lastOrdinal, observed);
            var plan = RolloutPlanner.Plan("staging", OperationKind.Deploy, target, live, observed);
            var done = plan with { Steps = [.. plan.Steps.Take(x.stop).TakeWhile(step => step is not RolloutStep.Retire)] };
            var middle = Follow(done, target, observed);

            var end = Follow(RolloutPlanner.Plan("staging", OperationKind.Deploy, target, live, middle), target, middle);
            target.Services.ShouldAllBe(service => end.WeightsOf(service.Name) == TrafficWeights.AllTo(service.Revision.Name));
            end.Revisions.Length.ShouldBe(target.Services.Length);

            var back = Follow(UndoPlanner.Plan("staging", target, live, middle), target, middle);
            foreach (var service in live?.Services ?? [])
            {
                if (observed.Find(service.Revision.Name) is not null)
                    back.WeightsOf(service.Name).ShouldBe(TrafficWeights.AllTo(service.Revision.Name));
            }

            back.Revisions.ShouldAllBe(revision => observed.Find(revision.Revision.Name) != null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    /// <summary>Does the steps to a state as a platform would, and checks the promises on the way.</summary>
    static PlatformState Follow(RolloutPlan plan, DeploymentTarget target, PlatformState state)
    {
        plan.Steps.Select(x => x.Id).ShouldBeUnique();
        foreach (var step in plan.Steps)
        {
            switch (step)
            {
                case RolloutStep.BringUp { Service: var service }:
                    var revision = new ObservedRevision(service.Revision, "any", RevisionPhase.Starting, 0, 1);
                    state = state with { Revisions = [.. state.Revisions.Where(x => x.Revision.Name != service.Revision.Name).Append(revision)] };
                    break;
                case RolloutStep.AwaitHealthy await:
                    state.Find(await.Revision).ShouldNotBeNull();
                    state = With(state, await.Revision, RevisionPhase.Healthy);
                    break;
                case RolloutStep.Switch to when plan.Title.StartsWith("Deploy", StringComparison.Ordinal) && target.Find(to.Service) is not null:
                    to.To.Shares.ShouldHaveSingleItem().Value.ShouldBe(100);
                    state.WeightsOf(to.Service).ShouldBe(to.From);
                    state.Find(to.To.Shares.Keys.Single()).ShouldNotBeNull().Phase.ShouldBe(RevisionPhase.Healthy);
                    target.Services.ShouldAllBe(x => state.Find(x.Revision.Name)!.Phase == RevisionPhase.Healthy);
                    state = state with { Weights = state.Weights.SetItem(to.Service, to.To) };
                    break;
                case RolloutStep.Switch to:
                    to.To.Shares.Keys.ShouldAllBe(x => state.Find(x) != null);
                    state = state with { Weights = state.Weights.SetItem(to.Service, to.To) };
                    break;
                case RolloutStep.Retire retire:
                    state.Weights.Values.ShouldAllBe(x => x.Of(retire.Revision) == 0);
                    state = state with { Revisions = state.Revisions.RemoveAll(x => x.Revision.Name == retire.Revision) };
                    break;
                case RolloutStep.Remove:
                    state.Revisions.ShouldBeEmpty();
                    state = PlatformState.Empty;
                    break;
            }
        }

        return state;
    }

    /// <summary>A wish, what the journal says is live, and a platform that may have lost, broken or gained any revision.</summary>
    static readonly Gen<(DeploymentTarget Wish, DeploymentTarget? Live, PlatformState Observed, int LastOrdinal)> Situations =
        from wished in Gen.Elements("1.0.0", "1.1.0", "1.2.0")
        from services in Gen.Elements<ImmutableArray<string>>(["api"], ["jobs"], ["api", "jobs"])
        from hasLive in Gen.Choose(0, 3)
        from lost in Gen.Choose(0, 7)
        from phase in Gen.Elements(RevisionPhase.Healthy, RevisionPhase.Unhealthy, RevisionPhase.Starting)
        from stranger in Gen.Choose(0, 3)
        from strangerTraffic in Gen.Choose(0, 1)
        let live = hasLive == 0 ? null : Live("1.0.0")
        let wish = Wish(wished)
        select (
            wish with { Services = [.. wish.Services.Where(x => services.Contains(x.Name))] },
            live,
            Observed(live, lost, phase, stranger, strangerTraffic == 1),
            live is null ? 0 : 2);

    static PlatformState Observed(DeploymentTarget? live, int lost, RevisionPhase phase, int stranger, bool strangerTraffic)
    {
        var state = live is null || lost == 0 ? PlatformState.Empty : With(Running("1.0.0"), "api.1", phase);
        if (lost == 1)
        {
            state = state with
            {
                Revisions = state.Revisions.RemoveAll(x => x.Revision.Name == "api.1"),
                Weights = state.Weights.SetItem("api", TrafficWeights.None),
            };
        }

        if (stranger > 0)
        {
            var revision = new Revision("api", stranger + 4, "sha256:x", "sha256:y");
            state = state with
            {
                Revisions = state.Revisions.Add(new ObservedRevision(revision, "0.9.0", RevisionPhase.Healthy, 1, 1)),
                Weights = strangerTraffic ? state.Weights.SetItem("api", TrafficWeights.AllTo(revision.Name)) : state.Weights,
            };
        }

        return state;
    }

    static (DeploymentTarget Target, PlatformState Observed) HalfWay()
    {
        var before = Running("1.0.0");
        var target = RolloutPlanner.Aim(Wish("1.1.0"), Live("1.0.0"), 2, before);
        return (target, before with
        {
            Revisions = before.Revisions.AddRange(target.Services.Select(x => new ObservedRevision(x.Revision, "1.1.0", RevisionPhase.Healthy, 1, 1))),
            Weights = before.Weights.SetItem("api", TrafficWeights.AllTo("api.3")),
        });
    }

    static string Print(RolloutPlan plan) => plan.ToString();

    static RolloutPlan Deploy(string version, DeploymentTarget? live, PlatformState observed) => Deploy(Wish(version), live, observed);

    static RolloutPlan Deploy(DeploymentTarget wish, DeploymentTarget? live, PlatformState observed)
    {
        var target = RolloutPlanner.Aim(wish, live, live is null ? 0 : 2, observed);
        return RolloutPlanner.Plan("staging", OperationKind.Deploy, target, live, observed);
    }

    static DeploymentTarget Wish(string version) =>
        TargetResolver.Resolve(EnvironmentsFile.Parse(World.TwoServices, "environments.yml", "shop").Environment("staging"), World.Release(version), "/flags.json");

    static DeploymentTarget Live(string version) => RolloutPlanner.Aim(Wish(version), live: null, lastOrdinal: 0, PlatformState.Empty);

    static PlatformState Running(string version) => new(
        [.. Live(version).Services.Select(x => new ObservedRevision(x.Revision, version, RevisionPhase.Healthy, 1, 1))],
        Live(version).Services.ToImmutableSortedDictionary(x => x.Name, x => TrafficWeights.AllTo(x.Revision.Name), StringComparer.Ordinal));

    static PlatformState With(PlatformState state, string revision, RevisionPhase phase) =>
        state with { Revisions = [.. state.Revisions.Select(x => x.Revision.Name == revision ? x with { Phase = phase } : x)] };
}
