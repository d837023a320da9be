namespace Fairlead.Versioning;

/// <summary>What a commit message refers to.</summary>
public enum ReferenceKind
{
    /// <summary><c>#12</c>, <c>GH-12</c>, <c>owner/repository#12</c>: an issue, or a pull request, which most servers number in one row with issues.</summary>
    Issue,

    /// <summary><c>!12</c>, <c>group/project!12</c>: a merge request of GitLab, a pull request of Azure DevOps.</summary>
    MergeRequest,

    /// <summary><c>AB#12</c>: a work item of Azure Boards.</summary>
    WorkItem,

    /// <summary>A key of another tracker, as <c>SHOP-12</c>; found only where a pattern for it was given.</summary>
    Key,
}
