namespace Fairlead.Changelog;

/// <summary>The kinds of servers whose addresses are known.</summary>
public enum Forge
{
    /// <summary>GitHub and GitHub Enterprise.</summary>
    GitHub,

    /// <summary>GitLab.</summary>
    GitLab,

    /// <summary>Gitea and Forgejo, Codeberg among them.</summary>
    Gitea,

    /// <summary>Bitbucket Cloud.</summary>
    Bitbucket,

    /// <summary>Azure DevOps.</summary>
    AzureDevOps,
}
