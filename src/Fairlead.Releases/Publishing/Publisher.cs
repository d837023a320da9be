using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Publishes several artifacts: first it looks at all of them, and when anything else is there under one of the names it publishes nothing at all. What is there
/// already is left out, so a run after an interrupted one does the rest.
/// </summary>
public static class Publisher
{
    /// <summary>What is there of each; nothing is changed.</summary>
    /// <exception cref="ProblemsException">Some places could not be asked; all of them are told.</exception>
    public static async Task<ImmutableArray<PlannedPublication>> PlanAsync(IEnumerable<IPublication> publications, CancellationToken cancellationToken)
    {
        var plan = ImmutableArray.CreateBuilder<PlannedPublication>();
        List<Problem> problems = [];
        foreach (var publication in publications)
        {
            try
            {
                plan.Add(new PlannedPublication(publication, await publication.LookAsync(cancellationToken)));
            }
            catch (Exception e) when (IsOfOne(e))
            {
                problems.Add(new Problem($"{publication.Destination} cannot be asked for {publication.Name}: {e.Message}", (e as UserErrorException)?.Remedy));
            }
        }

        return problems.Count == 0 ? plan.ToImmutable() : throw new ProblemsException(problems);
    }

    /// <summary>Publishes what is missing, one after the other.</summary>
    /// <param name="publications">In the order in which they are published.</param>
    /// <param name="report">Is told of each as soon as it is known.</param>
    /// <param name="cancellationToken">Stops before the next one, or in the middle of one.</param>
    /// <returns>How each is afterwards.</returns>
    /// <exception cref="ProblemsException">Something else is there, and nothing was published; or some could not be published, and the others were.</exception>
    public static async Task<ImmutableArray<PlannedPublication>> PublishAsync(IEnumerable<IPublication> publications, Action<PlannedPublication> report, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(publications, cancellationToken);
        var conflicts = plan.Where(x => x.State.Status == PublicationStatus.Different).ToList();
        if (conflicts.Count > 0)
        {
            throw new ProblemsException([.. conflicts.Select(x => new Problem(
                $"{x.Publication.Name} is not published to {x.Publication.Destination}, and nothing else is: {x.State}.",
                "What is published is never replaced. Make a new version (./build.sh Tag), or find out who published the other one."))]);
        }

        var outcomes = ImmutableArray.CreateBuilder<PlannedPublication>();
        List<Problem> problems = [];
        foreach (var planned in plan)
        {
            if (planned.State.Status == PublicationStatus.AlreadyThere)
            {
                Done(planned);
                continue;
            }

            try
            {
                Done(planned with { State = await planned.Publication.PublishAsync(cancellationToken) });
            }
            catch (Exception e) when (IsOfOne(e))
            {
                problems.Add(new Problem($"{planned.Publication.Name} was not published to {planned.Publication.Destination}: {e.Message}", e is UserErrorException error ? error.Remedy : "Run this again; what is there already is left out."));
            }
        }

        return problems.Count == 0 ? outcomes.ToImmutable() : throw new ProblemsException(problems);

        void Done(PlannedPublication outcome)
        {
            outcomes.Add(outcome);
            report(outcome);
        }
    }

    // What is the matter with one publication keeps the others from nothing.
    static bool IsOfOne(Exception e) => e is UserErrorException or IOException or HttpRequestException or UnauthorizedAccessException;
}
