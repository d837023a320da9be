using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Keys that users of other systems reach for, each with what to write instead.</summary>
static class UnsupportedKeys
{
    const string RemoveIt = "Remove it; nothing is silently ignored.";

    /// <summary>Keys at the top of the file.</summary>
    public static ImmutableSortedDictionary<string, string> OfFile { get; } = Of(
        ("approvals", $"Deployments ask for no approvals yet; 'protected: true' and 'requires_verified_on' hold a release back. {RemoveIt}"),
        ("rollback", $"A release that does not get healthy is taken back by itself, and ':rollback' works by hand; triggers by metrics come later. {RemoveIt}"),
        ("blue_green", "Blue-green is what is done; write 'strategy: blue-green' in the environment, or nothing."),
        ("canary", "Only 'strategy: blue-green' is there yet."),
        ("secrets", "Secret references are not read yet; never write a secret into this file."),
        ("audit", RemoveIt),
        ("backup", RemoveIt),
        ("metrics", RemoveIt),
        ("network_policies", RemoveIt),
        ("performance", RemoveIt));

    /// <summary>Keys of an environment.</summary>
    public static ImmutableSortedDictionary<string, string> OfEnvironment { get; } = Of(
        ("approval_required", $"Deployments ask for no approvals yet; 'protected: true' and 'requires_verified_on' hold a release back. {RemoveIt}"),
        ("approvals", $"Deployments ask for no approvals yet; 'protected: true' and 'requires_verified_on' hold a release back. {RemoveIt}"),
        ("auto_deploy", "Say in the CI workflow which branch runs which Deploy target."),
        ("blue_green", "Blue-green is what is done; write 'strategy: blue-green', or nothing."),
        ("branch", "Say in the CI workflow which branch runs which Deploy target."),
        ("branches", "Say in the CI workflow which branch runs which Deploy target."),
        ("canary", "Only 'strategy: blue-green' is there yet."),
        ("checks", "The ready path is asked through the public URL after the switch; further checks come later."),
        ("controller_lost", "An interrupted deployment is continued or undone by the next command."),
        ("database", "Hand its name to the service as a variable, for instance 'variables: { DATABASE: shop }'; databases are neither made nor migrated."),
        ("deploy_command", "Services are started from the release's artifacts; write the program under 'command'."),
        ("extends", "Use a YAML anchor (&name) and an alias (*name) for values that environments share."),
        ("feature_flags", "Only 'strategy: blue-green' is there yet."),
        ("inherits", "Use a YAML anchor (&name) and an alias (*name) for values that environments share."),
        ("notifications", "Announce tells people about a release; a deployment does not yet."),
        ("resources", "The local platform limits neither CPU nor memory. " + RemoveIt),
        ("rollback", $"A release that does not get healthy is taken back by itself, and ':rollback' works by hand; triggers by metrics come later. {RemoveIt}"),
        ("rolling", "Only 'strategy: blue-green' is there yet."),
        ("secrets", "Secret references are not read yet; never write a secret into this file."),
        ("tests", "Tests run in the build's Test target; the release carries their verdict."),
        ("windows", RemoveIt));

    /// <summary>Keys of a service.</summary>
    public static ImmutableSortedDictionary<string, string> OfService { get; } = Of(
        ("database", "Hand its name to the service as a variable, for instance 'variables: { DATABASE: shop }'; databases are neither made nor migrated."),
        ("image", "Services run artifacts of the release; name it under 'artifact'."),
        ("port", "The port is part of the URL: 'url: http://127.0.0.1:5080'. Each replica gets a port of its own in the variable PORT."),
        ("resources", "The local platform limits neither CPU nor memory. " + RemoveIt),
        ("secrets", "Secret references are not read yet; never write a secret into this file."),
        ("strategy", "The strategy belongs to the environment and holds for all of its services."));

    static ImmutableSortedDictionary<string, string> Of(params (string Key, string Sentence)[] keys) =>
        keys.ToImmutableSortedDictionary(x => x.Key, x => x.Sentence, StringComparer.Ordinal);
}
