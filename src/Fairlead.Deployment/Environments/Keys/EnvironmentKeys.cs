using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Every key of <c>environments.yml</c>. The reader refuses to look for a key that is not here, and the schema is made from this.</summary>
static class EnvironmentKeys
{
    const string CannotIgnore = "Remove it; nothing is silently ignored.";
    const string ManifestAdvice = "Kubernetes manifests are files of their own; write 'replicas', 'strategy', 'resources' and 'health' here.";

    static readonly Shape Text = new Shape.Text();
    static readonly Shape Flag = new Shape.Flag();
    static readonly Shape Texts = new Shape.ListOf(Text);
    static readonly Shape TextOrTexts = new Shape.Either([Text, Texts]);
    static readonly Shape Percent = new Shape.Count(1, 100);
    static readonly Shape Port = new Shape.Count(1, 65535);
    static readonly Shape Duration = new Shape.Measure("^([0-9]+|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$");
    static readonly Shape Period = new Shape.Measure("^[0-9]+(d|w|y)$");
    static readonly Shape LimitShape = new Shape.Measure("^(<=|>=|<|>|≤|≥)? *[0-9]+(\\.[0-9]+)? *(%|ms|s|m)?$");
    static readonly Shape Degradation = new Shape.Measure("^[0-9]+(\\.[0-9]+)? *%$");
    static readonly Shape Amount = new Shape.Measure("^[0-9]+%?$");
    static readonly Key Signers = K("signers", Text, "The file of the keys; by default .nuke/allowed_signers.");
    static readonly Key Revoked = K("revoked", Text, "The file of the keys that count no longer; by default .nuke/revoked_signers.");
    static readonly Key Enabled = K("enabled", Flag, "Whether the section counts; by default it does.");
    static readonly Key Fallback = K("fallback", Duration, "How long the old revision runs on without traffic; by default not at all.");
    static readonly Key HealthEndpoint = K("health_check_endpoint", Text, "The same as the service's 'health'.");
    static readonly Key HealthTimeout = K("health_check_timeout", Duration, "The same as the service's 'startup_timeout'.");
    static readonly Key RollbackThreshold = K("rollback_threshold", new Shape.Number(), "The error rate, in percent, above which the release is taken back.");

    public static KeySection Criteria { get; } = Named("criteria", LimitShape);

    public static KeySection Stage { get; } = Of(
        "stage",
        K("name", Text, "Its name; by default made of the strategy and the share."),
        K("share", Percent, "Percent of the traffic.", "percentage", "traffic_percentage"),
        K("duration", Duration, "How long it is watched."),
        K("criteria", new Shape.Section(Criteria), "What must hold for it to pass.", "success_criteria"),
        K("promote", new Shape.Word(["manual", "auto"]), "'manual': the next stage waits for ':promote'."));

    static readonly Shape Stages = new Shape.ListOf(new Shape.Section(Stage));

    public static KeySection Sticky { get; } = Of("sticky", K("cookie", Text, "Name of the cookie that the platform sets."), K("header", Text, "Name of the request header."));

    public static KeySection BlueGreen { get; } = Of(
        "blue_green",
        Enabled,
        K("stages", Stages, "Shares on the way to 100 %; by default all at once.", "traffic_shift"),
        Fallback, HealthEndpoint, HealthTimeout, RollbackThreshold);

    public static KeySection Canary { get; } = Of(
        "canary",
        Enabled,
        K("stages", Stages, "The stages, with rising shares."),
        K("sticky", new Shape.Either([Text, new Shape.Section(Sticky)]), "Keeps a client on its revision: cookie:NAME or header:NAME."),
        Fallback, HealthEndpoint, HealthTimeout, RollbackThreshold);

    public static KeySection Rolling { get; } = Of(
        "rolling",
        Enabled,
        K("batch", Amount, "How many replicas are replaced together, or what share of them; by default 1.", "batch_size"),
        K("max_surge", Amount, "How many replicas may run above the wanted number; by default 1.", "maxSurge"),
        K("max_unavailable", Amount, "How many replicas may be missing; by default 0.", "maxUnavailable"),
        K("pause", Duration, "How long each batch is watched."),
        K("criteria", new Shape.Section(Criteria), "What must hold while a batch is watched.", "success_criteria"),
        HealthEndpoint, HealthTimeout, RollbackThreshold);

    public static KeySection FeatureFlags { get; } = Of(
        "feature_flags",
        Enabled,
        K("flags", TextOrTexts, "Names of the flags."),
        K("file", Text, "The file that the service reads its flags from; by default one that the variable FAIRLEAD_FLAGS names."),
        K("stages", Stages, "The schedule of the flags' shares."),
        Fallback, HealthEndpoint, HealthTimeout, RollbackThreshold);

    public static KeySection Recreate { get; } = Of("recreate", Enabled);

    /// <summary>The sections of the strategies, by the strategy's name.</summary>
    public static ImmutableSortedDictionary<string, KeySection> Strategies { get; } = new Dictionary<string, KeySection>(StringComparer.Ordinal)
    {
        ["blue-green"] = BlueGreen,
        ["canary"] = Canary,
        ["rolling"] = Rolling,
        ["feature-flags"] = FeatureFlags,
        ["recreate"] = Recreate,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    static readonly Key StrategyType = K("type", new Shape.Word([.. Strategies.Keys, "RollingUpdate", "Recreate"]), "Its name.");
    static readonly Key RollingUpdate = K("rollingUpdate", new Shape.Section(Rolling), "As Kubernetes writes it: the keys of 'rolling'.");

    static KeySection Strategy { get; } = new(
        "strategy",
        [StrategyType, RollingUpdate, .. Strategies.Values.SelectMany(x => x.Keys).DistinctBy(x => x.Name)],
        null,
        ImmutableSortedDictionary<string, string>.Empty);

    public static KeySection Health { get; } = Of(
        "health",
        K("path", Text, "The path; by default /health."),
        K("interval", Duration, "Time between two probes; by default 1s."),
        K("timeout", Duration, "Time limit of one probe; by default 2s."),
        K("failures", new Shape.Count(1, 1000), "How many failures in a row make a replica unhealthy; by default 3."));

    public static KeySection Ready { get; } = Of("ready", K("path", Text, "The path; by default /ready."));

    public static KeySection Resources { get; } = Of(
        "resources",
        K("cpu", new Shape.Measure("^[0-9]+(\\.[0-9]+)?m?$"), "Processor cores: 500m, 1.5."),
        K("memory", new Shape.Measure("^[0-9]+(\\.[0-9]+)?(k|K|M|G|T|Ki|Mi|Gi|Ti|KB|MB|GB|TB)?$"), "Memory: 1Gi, 512MB."));

    public static KeySection SecretStore { get; } = Of("secret", K("provider", Text, "Who has it."), K("key", Text, "Under which name."));

    public static KeySection Vault { get; } = Of(
        "vault",
        K("address", Text, "Its address; by default that of the variable VAULT_ADDR."),
        K("token", Text, "Where the token is: env:NAME or file:/path; by default env:VAULT_TOKEN."),
        K("mount", Text, "Where the secrets engine is mounted; by default 'secret'."),
        K("version", new Shape.Count(1, 2), "The version of its key-value engine; by default 2."),
        K("namespace", Text, "The namespace."));

    public static KeySection Kubernetes { get; } = Of(
        "kubernetes",
        K("context", Text, "The context of kubectl's configuration; by default the current one."),
        K("namespace", Text, "The namespace of references that name none."));

    public static KeySection SecretProvider { get; } = Of("secret_provider", K("command", TextOrTexts, "Program and arguments that print the value of '{key}'."));

    public static KeySection SecretProviders { get; } = Named("secret_providers", new Shape.Section(SecretProvider));

    static readonly Shape SecretShape = new Shape.Either([new Shape.Measure("^[a-z][a-z0-9-]*:.+$"), new Shape.Section(SecretStore)]);

    public static KeySection Secrets { get; } = new(
        "secrets",
        [
            K("provider", Text, "The store of references that name none."),
            K("encryption", Text, "How they are encrypted."),
            K("rotation", Period, "The age at which a secret should be replaced: 30d."),
            K("access_control", Text, "Who may read them."),
            K("vault", new Shape.Section(Vault), "HashiCorp Vault."),
            K("kubernetes", new Shape.Section(Kubernetes), "Kubernetes."),
            K("providers", new Shape.Section(SecretProviders), "Programs that give out secrets, by the name of the provider."),
        ],
        SecretShape,
        ImmutableSortedDictionary<string, string>.Empty);

    public static KeySection Triggers { get; } = Named("triggers", LimitShape, K("degradation", Degradation, "How much worse than before response time and error rate may be."));

    public static KeySection NotificationEntry { get; } = Of(
        "notification",
        K("slack", TextOrTexts, "A channel."),
        K("email", TextOrTexts, "Addresses."),
        K("teams", TextOrTexts, "A channel."),
        K("discord", TextOrTexts, "A channel."),
        K("webhook", TextOrTexts, "An address."));

    static readonly Shape Notifications = new Shape.Either([new Shape.Section(NotificationEntry), new Shape.ListOf(new Shape.Section(NotificationEntry))]);

    public static KeySection Rollback { get; } = Of(
        "rollback",
        K("triggers", new Shape.Section(Triggers), "What takes a release back."),
        K("strategy", new Shape.Word(["immediate", "gradual"]), "How the traffic goes back; by default at once."),
        K("step", Duration, "How long one step of a gradual rollback takes; by default 10s."),
        K("watch", Duration, "How long a release with all traffic is watched; by default not at all."),
        K("notification", Notifications, "Who is told.", "notifications"),
        K("auto_rollback", Flag, "Always true: a release that breaks a limit is taken back."),
        K("error_threshold", LimitShape, "The error rate above which a release is taken back, as a share (0.05) or in percent (5%)."),
        K("response_time_threshold", LimitShape, "The response time above which a release is taken back, in milliseconds or with a unit."));

    public static KeySection PrometheusQuery { get; } = Of("prometheus", K("server", Text, "The server's address."), K("query", Text, "The query in PromQL."));

    public static KeySection AnalysisMetric { get; } = Of(
        "metric",
        K("prometheus", new Shape.Section(PrometheusQuery), "A query of a Prometheus server."),
        K("command", TextOrTexts, "A program that prints a number."),
        K("limit", LimitShape, "What must hold in every stage."));

    public static KeySection AnalysisMetrics { get; } = Named("metrics_of_analysis", new Shape.Section(AnalysisMetric));

    public static KeySection Comparisons { get; } = Named("comparisons", Degradation);

    public static KeySection Analysis { get; } = Of(
        "analysis",
        K("interval", Duration, "Time between two measurements; by default 5s."),
        K("min_samples", new Shape.Count(1, 1000000), "Below so many samples there is no verdict; by default 20."),
        K("hold", Duration, "How long an inconclusive stage is held; by default 10m."),
        K("inconclusive", new Shape.Word(["rollback", "promote"]), "What becomes of it then; by default it is rolled back."),
        K("compare", new Shape.Section(Comparisons), "How much worse than the baseline each metric may be."),
        K("metrics", new Shape.Section(AnalysisMetrics), "Metrics of your own."));

    public static KeySection Approval { get; } = Of(
        "approval",
        K("required", Flag, "Whether consent is needed."),
        K("approvers", Texts, "People or groups whose consent counts."),
        K("minimum_approvals", new Shape.Count(1, 100), "How many must consent; by default 1."),
        K("break_glass", Texts, "People or groups who may stand in alone in an emergency; by default nobody."),
        K("countersign_within", Duration, "Within which time somebody else must countersign that; by default 24h."),
        Signers,
        Revoked,
        K("auto_deploy", Flag, "The same as the environment's 'auto_deploy'."));

    public static KeySection Acceptance { get; } = Of(
        "acceptance",
        K("required", Flag, "Whether somebody must accept a release here."),
        K("approvers", Texts, "People or groups whose acceptance counts."),
        K("minimum_approvals", new Shape.Count(1, 100), "How many must accept; by default 1."),
        Signers,
        Revoked);

    public static KeySection Bypass { get; } = Of(
        "bypass",
        K("approvers", Texts, "People or groups whose consent counts."),
        K("minimum_approvals", new Shape.Count(1, 100), "How many must consent; by default 1."));

    public static KeySection Groups { get; } = Named("groups", Texts);

    public static KeySection ApprovalMatrix { get; } = Approval with { Name = "approval_matrix", Names = new Shape.Section(Approval) };

    public static KeySection Window { get; } = Of(
        "window",
        K("days", TextOrTexts, "Days: mon, tue-thu; by default all."),
        K("from", Text, "Beginning: 09:00."),
        K("to", Text, "End: 17:00; 24:00 is the end of the day."));

    public static KeySection FreezeDays { get; } = Of("freeze", K("from", Text, "The first day: 2026-12-20."), K("to", Text, "The last day."), K("reason", Text, "Why."));

    public static KeySection Windows { get; } = Of(
        "windows",
        K("allow", new Shape.ListOf(new Shape.Section(Window)), "When deploying is allowed; by default always."),
        K("deny", new Shape.ListOf(new Shape.Section(Window)), "When it is not."),
        K("freezes", new Shape.ListOf(new Shape.Section(FreezeDays)), "Days on which nothing is deployed."),
        K("timezone", Text, "Time zone by its IANA name; by default UTC."));

    public static KeySection Check { get; } = Of(
        "check",
        K("command", TextOrTexts, "Program and arguments that must end well."),
        K("http", Text, "An address, or a path of the service, that must answer.", "url"),
        K("status", new Shape.Count(100, 599), "The status that it must answer with; by default 200."),
        K("contains", Text, "What the answer must have in it."),
        K("within", Duration, "The longest time that the answer may take."),
        K("timeout", Duration, "How long one attempt may take; by default 10m for a command, 10s for an address."),
        K("retries", new Shape.Count(0, 100), "How often it is tried again; by default not at all."),
        K("retry_interval", Duration, "Time between two attempts; by default 5s."));

    static readonly Shape CheckShape = new Shape.Either([Text, Texts, new Shape.Section(Check), new Shape.ListOf(new Shape.Section(Check))]);

    public static KeySection Checks { get; } = Of(
        "checks",
        K("smoke", CheckShape, "Whether it works at all."),
        K("integration", CheckShape, "Whether it works with its neighbours."),
        K("performance", CheckShape, "Whether it is fast."),
        K("security", CheckShape, "Whether it is safe."),
        K("chaos", CheckShape, "Whether it survives."));

    public static KeySection Hotfix { get; } = Of(
        "hotfix",
        K("branches", TextOrTexts, "The branches whose releases go this way; by default hotfix/*.", "branch"),
        K("skip", TextOrTexts, "The rules that are left out: verified, window, branch, or kinds of verdicts."),
        K("merge_into", TextOrTexts, "The branches that a hotfix is merged back into; by default main and develop."));

    public static KeySection Database { get; } = Of(
        "database",
        K("name", Text, "Its name; by default the one of the connection."),
        K("connection", SecretShape, "Where its address is, as a reference to a secret; by default the variables PGHOST, PGUSER ….", "url"),
        K("artifact", Text, "The artifact in which the migrations run; by default that of the first service."),
        K("migrations", TextOrTexts, "Program and arguments that add what the release needs."),
        K("contract", TextOrTexts, "Program and arguments that take away what only the release before used, when that has gone."),
        K("down", TextOrTexts, "Program and arguments that take the migrations back."),
        K("confirm", TextOrTexts, "Program and arguments that end well when the schema is what the release expects."),
        K("backup", TextOrTexts, "Program and arguments that write a copy to standard output, or 'none'; by default pg_dump, where there are migrations."),
        K("restore", TextOrTexts, "Program and arguments that read a copy from standard input; by default pg_restore."),
        K("rehearse", Flag, "Whether the migrations are tried on a copy first; by default they are, where pg_dump makes one."),
        K("directory", Text, "Where copies are kept; by default in the environment's state on this machine."),
        K("key", SecretShape, "Where the passphrase is that copies are encrypted with, as a reference to a secret."),
        K("on_rollback", new Shape.Word(["keep", "migrate-down", "restore"]), "What becomes of it when a release goes back; by default it stays."),
        K("timeout", Duration, "How long one command may take; by default 1h."));

    public static KeySection Record { get; } = Of(
        "record",
        K("frequency", Text, "How often."),
        K("retention", Period, "How long it is kept: 30d, 1y."),
        K("encryption", Flag, "Whether it is encrypted."),
        K("compression", Flag, "Whether it is compressed."),
        K("versioned", Flag, "Whether earlier versions stay."),
        K("tamper_proof", Flag, "Whether changes must show."),
        K("compliance_mapping", Flag, "Whether it is mapped to compliance rules."));

    static readonly Shape RecordShape = new Shape.Section(Record);

    public static KeySection Backup { get; } = Of(
        "backup",
        K("database", RecordShape, "The database."),
        K("application_data", RecordShape, "The application's data."),
        K("configuration", RecordShape, "The configuration."));

    public static KeySection AuditRecord { get; } = Of(
        "audit_record",
        K("retention", new Shape.Either([Period, new Shape.Word(["never"])]), "After which time what records say is dropped: 30d, 1y; by default, and with 'never', not at all. Their hashes stay."),
        K("encryption", Flag, "Whether what records say is encrypted."),
        K("tamper_proof", Flag, "Whether nothing may be deployed while the log cannot be written or does not verify."),
        K("compliance_mapping", Flag, "Whether records are shown with the controls that they are evidence for."));

    static readonly Shape AuditRecordShape = new Shape.Section(AuditRecord);

    public static KeySection Audit { get; } = Of(
        "audit",
        K("deployment_logs", AuditRecordShape, "Deployments, rollbacks, checks, operators, backups."),
        K("approval_records", AuditRecordShape, "Who consented."),
        K("security_scans", AuditRecordShape, "The verdicts over releases."),
        K("key", Text, "Where the key is that encrypted records are sealed with; by default env:FAIRLEAD_AUDIT_KEY."));

    public static KeySection DeclaredMetric { get; } = Of(
        "declared_metric",
        K("description", Text, "What it says in Prometheus."),
        K("type", new Shape.Word(["counter", "gauge", "histogram"]), "Its type."),
        K("labels", Texts, "Its labels."),
        K("name", Text, "What it is called in Prometheus; by default fairlead_… with its unit."));

    public static KeySection DeclaredMetrics { get; } = Of(
        "declared_metrics",
        [.. KnownMetric.All.Select(x => K(x.Name, new Shape.Section(DeclaredMetric), x.Help)), K("listen", Text, "Where the platform serves metrics to Prometheus: http://127.0.0.1:9464.")]);

    public static KeySection NetworkRule { get; } = Of(
        "network_rule",
        K("from", TextOrTexts, "Where connections come from."),
        K("to", TextOrTexts, "Where connections go to."),
        K("ports", new Shape.ListOf(Port), "Ports."));

    public static KeySection NetworkPolicies { get; } = Of(
        "network_policies",
        K("ingress", new Shape.ListOf(new Shape.Section(NetworkRule)), "Connections that come in."),
        K("egress", new Shape.ListOf(new Shape.Section(NetworkRule)), "Connections that go out."));

    public static KeySection Autoscaling { get; } = Of(
        "autoscaling",
        K("min_replicas", new Shape.Count(1, 1000), "The fewest replicas."),
        K("max_replicas", new Shape.Count(1, 1000), "The most replicas."),
        K("target_cpu", Percent, "The processor load to aim at, in percent."),
        K("target_memory", Percent, "The memory use to aim at, in percent."));

    public static KeySection Performance { get; } = Of(
        "performance",
        K("parallel_deployments", Flag, "Whether several services move at once."),
        K("max_concurrent_pods", new Shape.Count(1, 1000), "How many replicas may start at once."),
        K("readiness_timeout", Duration, "The same as the service's 'startup_timeout'."),
        K("resource_limits", new Shape.Section(Resources), "The same as the service's 'resources'."),
        K("autoscaling", new Shape.Section(Autoscaling), "How the number of replicas follows the load."));

    public static KeySection ControllerLost { get; } = Of(
        "controller_lost",
        K("after", Duration, "How long nothing must be heard of the command; by default 5m."),
        K("then", new Shape.Word(["rollback", "hold"]), "What the platform does; by default it gives the traffic back."));

    public static KeySection Variables { get; } = Named("variables", Text);

    public static KeySection Verdicts { get; } = Named("verdicts", new Shape.Word(["required", "when-available"]));

    /// <summary>Settings of one service that hold for all services when they stand in the environment.</summary>
    static readonly ImmutableArray<Key> SharedKeys =
    [
        K("variables", new Shape.Section(Variables), "Variables for the process."),
        K("secrets", new Shape.Section(Secrets), "Secrets for the process by reference, and how secrets are kept."),
        K("strategy", new Shape.Either([new Shape.Word([.. Strategies.Keys]), new Shape.Section(Strategy)]), "How a release becomes live; by default blue-green."),
        K("blue_green", new Shape.Section(BlueGreen), "Blue-green and its settings."),
        K("canary", new Shape.Section(Canary), "Canary and its settings."),
        K("rolling", new Shape.Section(Rolling), "Rolling and its settings."),
        K("feature_flags", new Shape.Section(FeatureFlags), "Feature flags and their settings."),
        K("recreate", new Shape.Section(Recreate), "Stop, then start."),
    ];

    /// <summary>Settings of one service; in 'defaults' and at the top they hold for each.</summary>
    static readonly ImmutableArray<Key> EachKeys =
    [
        K("replicas", new Shape.Count(1, 1000), "Number of processes; by default 1."),
        K("health", new Shape.Either([Text, new Shape.Section(Health)]), "The path that answers 2xx while the process is well; by default /health.", "health_check_endpoint"),
        K("ready", new Shape.Either([Text, new Shape.Section(Ready)]), "The path that answers 2xx when it can take traffic; by default /ready."),
        K("startup_timeout", Duration, "How long it may take to get healthy; by default 1m.", "health_check_timeout"),
        K("drain_timeout", Duration, "How long requests in flight may take; by default 30s."),
        K("stop_grace", Duration, "How long a process may take to end; by default 10s."),
        K("resources", new Shape.Section(Resources), "What each process may use."),
    ];

    /// <summary>Settings that make one service this one.</summary>
    static readonly ImmutableArray<Key> OwnKeys =
    [
        K("url", Text, "Where clients reach it."),
        K("listen", Text, "Where the local platform serves it, when 'url' is an address of something in front of it."),
        K("artifact", Text, "Name of the release's artifact; by default the service's name."),
        K("command", Texts, "Program and arguments; by default dotnet with the artifact's entry point."),
        K("worker", Flag, "Whether it has no HTTP."),
    ];

    static readonly ImmutableArray<Key> PolicyKeys =
    [
        K("verdicts", new Shape.Section(Verdicts), "What is asked of each kind of verdict."),
        K("approvals", new Shape.Section(Approval), "Whose consent a deployment needs."),
        K("acceptance", new Shape.Section(Acceptance), "Who must accept a release here before it may go further."),
        K("bypass", new Shape.Section(Bypass), "Whose consent is needed when rules are bypassed."),
        K("approval_required", Flag, "The same as 'approvals: { required: … }'."),
        K("auto_deploy", Flag, "Whether a push to the branch is to deploy."),
        K("windows", new Shape.Section(Windows), "When releases may be deployed."),
        K("checks", new Shape.Section(Checks), "What is checked after a deployment.", "tests"),
        K("hotfix", new Shape.Section(Hotfix), "The short path for hotfixes."),
        K("rollback", new Shape.Section(Rollback), "What takes a release back, and how."),
        K("analysis", new Shape.Section(Analysis), "How stages are judged."),
        K("controller_lost", new Shape.Section(ControllerLost), "What happens when the command is not heard of any more."),
        K("interrupted", new Shape.Word(["continue", "rollback"]), "What the next command does with an interrupted deployment of the same release; by default it goes on."),
        K("keep_releases", new Shape.Count(1, 1000), "Of how many releases the artifacts are kept; by default 5."),
        K("database", new Shape.Either([Text, new Shape.Section(Database)]), "The database."),
        K("backup", new Shape.Section(Backup), "What is backed up."),
        K("notifications", Notifications, "Who is told about deployments."),
        K("audit", new Shape.Section(Audit), "What is kept for the audit."),
        K("metrics", new Shape.Section(DeclaredMetrics), "Metrics about deployments."),
        K("network_policies", new Shape.Section(NetworkPolicies), "Who may talk to whom."),
        K("performance", new Shape.Section(Performance), "How the platform scales."),
    ];

    static readonly ImmutableArray<Key> EnvironmentOnlyKeys =
    [
        K("platform", new Shape.Word(["local"]), "Where it runs; by default local."),
        K("protected", Flag, "Refuses releases from a dirty tree, and ':down'; by default true for production alone."),
        K("requires_verified_on", Text, "The environment that must have verified the same release, or 'none'."),
        K("branches", TextOrTexts, "Branches whose releases may come here: main, feature/*.", "branch"),
    ];

    /// <summary>Names of the keys that hold for every service when they stand in the environment.</summary>
    public static ImmutableArray<string> OfAllServices { get; } = [.. SharedKeys.Select(x => x.Name)];

    /// <summary>Words of the keys that are for one service, though 'defaults' may give them to each.</summary>
    public static ImmutableArray<string> OfEachService { get; } = Spelled(EachKeys);

    /// <summary>Words of the keys that only one service can have.</summary>
    public static ImmutableArray<string> OfOneService { get; } = Spelled(OwnKeys);

    public static KeySection Service { get; } = new("service", [.. OwnKeys, .. EachKeys, .. SharedKeys], null, Instead(
        ("database", "The database belongs to the environment; hand its name to the service as a variable."),
        ("deploy_command", "Services are started from the release's artifacts; write the program under 'command'."),
        ("image", "Services run artifacts of the release; name it under 'artifact'."),
        ("port", "The port is part of the URL: 'url: http://127.0.0.1:5080'. Each replica gets a port of its own in the variable PORT."),
        ("ports", "The port is part of the URL: 'url: http://127.0.0.1:5080'. Each replica gets a port of its own in the variable PORT."),
        ("spec", ManifestAdvice)));

    static readonly ImmutableSortedDictionary<string, string> InsteadInEnvironments = Instead(
        ("apiVersion", ManifestAdvice),
        ("deploy_command", "Services are started from the release's artifacts; write the program under 'command'."),
        ("image", "Services run artifacts of the release; name it under 'artifact'."),
        ("inherits", "Write 'extends' with the name of the other environment."),
        ("kind", ManifestAdvice),
        ("metadata", ManifestAdvice),
        ("port", "The port is part of the URL: 'url: http://127.0.0.1:5080'. Each replica gets a port of its own in the variable PORT."),
        ("ports", "The port is part of the URL: 'url: http://127.0.0.1:5080'. Each replica gets a port of its own in the variable PORT."),
        ("spec", ManifestAdvice));

    public static KeySection Services { get; } = Named("services", new Shape.Section(Service));

    static readonly Key ServicesKey = K("services", new Shape.Section(Services), "Several services, each with settings of its own.");

    public static KeySection Environment { get; } = new(
        "environment",
        [
            K("extends", Text, "Another environment whose settings hold here too."),
            .. EnvironmentOnlyKeys, .. PolicyKeys, .. OwnKeys, .. EachKeys, .. SharedKeys, ServicesKey,
        ],
        null,
        InsteadInEnvironments);

    public static KeySection Defaults { get; } = Environment with { Name = "defaults", Keys = [.. WithMatrix(Environment.Keys.Skip(1))] };

    public static KeySection Environments { get; } = Named("environments", new Shape.Section(Environment));

    /// <summary>Sections that may also stand at the top of the file, where they hold for all environments.</summary>
    public static ImmutableArray<Key> OfTop { get; } = [.. PolicyKeys, .. EachKeys, .. SharedKeys];

    public static KeySection Store { get; } = Of(
        "store",
        K("git", Text, "A repository that all who deploy can push to: 'origin', another remote, or a URL."),
        K("lease", Duration, "How long a holder of the lock may be silent before others take it; by default 60s."));

    public static KeySection File { get; } = new(
        "file",
        [
            K("application", Text, "The application's name; by default the solution's."),
            K("defaults", new Shape.Section(Defaults), "What holds in every environment that says nothing else."),
            K("environments", new Shape.Section(Environments), "The environments."),
            K("groups", new Shape.Section(Groups), "Groups of people, by their principals in the file of the keys."),
            K("store", new Shape.Either([new Shape.Word(["files"]), new Shape.Section(Store)]), "Where journal and lock are kept; by default 'files', on this machine."),
            .. WithMatrix(OfTop),
        ],
        null,
        Instead(
            ("apiVersion", ManifestAdvice),
            ("kind", ManifestAdvice),
            ("metadata", ManifestAdvice),
            ("services", "Write them into an environment, or under 'defaults' for all environments."),
            ("spec", ManifestAdvice),
            ("url", "Write it into an environment. " + CannotIgnore)));

    static Key K(string name, Shape shape, string description, params ImmutableArray<string> aliases) => new(name, shape, description, aliases);

    static KeySection Of(string name, params ImmutableArray<Key> keys) => new(name, keys, null, ImmutableSortedDictionary<string, string>.Empty);

    static KeySection Named(string name, Shape shape, params ImmutableArray<Key> keys) => new(name, keys, shape, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>What holds for all environments may give each its own approvals.</summary>
    static IEnumerable<Key> WithMatrix(IEnumerable<Key> keys) => keys.Select(x => x.Name == "approvals" ? x with { Shape = new Shape.Section(ApprovalMatrix) } : x);

    static ImmutableArray<string> Spelled(ImmutableArray<Key> keys) => [.. keys.Select(x => x.Name), .. keys.SelectMany(x => x.Aliases)];

    static ImmutableSortedDictionary<string, string> Instead(params (string Key, string Sentence)[] keys) =>
        keys.ToImmutableSortedDictionary(x => x.Key, x => x.Sentence, StringComparer.Ordinal);
}
