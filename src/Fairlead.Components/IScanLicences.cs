using Fairlead.Engine;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>Judges the licences of what is delivered by the section <c>licences</c> of <c>.nuke/security.yml</c>.</summary>
public interface IScanLicences : IRestore, IScanPart
{
    /// <summary>The projects that are delivered: by default the applications of <see cref="IPackage"/>, or every project of the solution whose name does not end in <c>.Tests</c>.</summary>
    IEnumerable<Tooling.Project> DeliveredProjects => (this as IPackage)?.Applications ?? Solution.AllProjects.Where(x => !x.Name.EndsWith(".Tests", StringComparison.Ordinal));

    /// <summary>Judges. Where the policy says nothing of licences, nothing is judged.</summary>
    Target ScanLicences => _ => _
        .Description("Judges the licences of the dependencies")
        .DependsOn(Restore)
        .Executes(() =>
        {
            VerdictFile.Delete(ReportDirectory, VerdictKinds.Licences);
            Conclude("Licences", Judge(), [], []);
        });

    private Verdict Judge()
    {
        if (SecurityPolicy.Licences.IsEmpty)
            return new Verdict(VerdictKinds.Licences, VerdictOutcome.NotDone, "'.nuke/security.yml' says nothing of licences. A section 'licences: { allow: [MIT, Apache-2.0] }' makes a gate of it.");
        var bill = SbomGenerator.Generate(new SbomRequest
        {
            Name = RootDirectory.Name,
            Version = $"{Version.Version}",
            Commit = Version.Commit,
            CommitTime = Version.CommitTime,
            Projects = [.. DeliveredProjects.Select(x => x.Path)],
        });
        return bill.Sbom is null
            ? new Verdict(VerdictKinds.Licences, VerdictOutcome.Failed, bill.Verdict.Summary)
            : LicenceGate.Judge(bill.Sbom, SecurityPolicy.Licences);
    }
}
