using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>Configuration that people write for other systems, word by word, must be taken as it stands, or be told what to write instead.</summary>
public sealed class SeedExamplesTests
{
    const string Environments = """
        environments:
          development: { url: 'http://127.0.0.1:5070' }
          staging: { url: 'http://127.0.0.1:5080' }
          production: { url: 'http://127.0.0.1:5090' }

        """;

    const string ThreeEnvironments = """
        # environments.yml
        environments:
          development:
            url: https://dev.agi-eval.your-org.com
            database: agi_eval_dev
            replicas: 1
            resources:
              cpu: "500m"
              memory: "1Gi"
            
          staging:
            url: https://staging.agi-eval.your-org.com
            database: agi_eval_staging
            replicas: 2
            resources:
              cpu: "1000m"
              memory: "2Gi"
            
          production:
            url: https://agi-eval.your-org.com
            database: agi_eval_prod
            replicas: 3
            resources:
              cpu: "2000m"
              memory: "4Gi"

        """;

    const string BlueGreen = """
        # Blue-Green Deployment Configuration
        blue_green:
          enabled: true
          health_check_endpoint: "/health"
          health_check_timeout: 300
          rollback_threshold: 5  # Error rate percentage
          traffic_shift:
            - percentage: 10
              duration: 300  # 5 minutes
            - percentage: 50
              duration: 600  # 10 minutes  
            - percentage: 100
              duration: 0    # Complete shift

        """;

    const string Canary = """
        # Canary Deployment Configuration  
        canary:
          enabled: true
          stages:
            - name: "canary-10"
              traffic_percentage: 10
              duration: 600
              success_criteria:
                error_rate: "<1%"
                response_time: "<500ms"
                
            - name: "canary-50"
              traffic_percentage: 50
              duration: 900
              success_criteria:
                error_rate: "<0.5%"
                response_time: "<300ms"
                
            - name: "full-deployment"
              traffic_percentage: 100
              duration: 0

        """;

    const string Rollback = """
        # rollback-config.yml
        rollback:
          triggers:
            error_rate: ">5%"      # Error rate threshold
            response_time: ">2s"    # Response time threshold
            health_check_failures: 3 # Consecutive failures
            
          strategy: "immediate"     # or "gradual"
          notification:
            - slack: "#deployment-alerts"
            - email: ["ops-team@your-org.com"]

        """;

    const string Approvals = """
        # approval-matrix.yml
        approvals:
          development:
            required: false
            
          staging:
            required: false
            auto_deploy: true
            
          production:
            required: true
            approvers:
              - "senior-engineers"
              - "security-team"
            minimum_approvals: 2

        """;

    const string Backup = """
        # backup-strategy.yml
        backup:
          database:
            frequency: "hourly"
            retention: "30d"
            encryption: true
            
          application_data:
            frequency: "daily" 
            retention: "90d"
            compression: true
            
          configuration:
            frequency: "on-change"
            retention: "1y"
            versioned: true

        """;

    const string Performance = """
        # performance-config.yml
        performance:
          parallel_deployments: true
          max_concurrent_pods: 5
          readiness_timeout: 300
          
          resource_limits:
            cpu: "2000m"
            memory: "4Gi"
            
          autoscaling:
            min_replicas: 3
            max_replicas: 10
            target_cpu: 70
            target_memory: 80

        """;

    const string Secrets = """
        # secrets-management.yml
        secrets:
          provider: "kubernetes-secrets"  # or vault, aws-secrets-manager
          encryption: "at-rest"
          rotation: "30d"
          access_control: "rbac"

        """;

    const string Network = """
        # network-policies.yml
        network_policies:
          ingress:
            - from: ["monitoring-namespace"]
              ports: [9090]  # Metrics port
            - from: ["load-balancer"]
              ports: [8000]  # Application port
          egress:
            - to: ["database-namespace"]
              ports: [5432]
            - to: ["external-apis"]
              ports: [443]

        """;

    const string Audit = """
        # audit-requirements.yml
        audit:
          deployment_logs:
            retention: "2y"
            encryption: true
            
          approval_records:
            retention: "5y"
            tamper_proof: true
            
          security_scans:
            retention: "1y"
            compliance_mapping: true

        """;

    const string Metrics = """
        # deployment-metrics.yml
        metrics:
          deployment_duration:
            description: "Time taken for deployment"
            type: histogram
            labels: [environment, version]
            
          deployment_success_rate:
            description: "Percentage of successful deployments"
            type: gauge
            labels: [environment]
            
          rollback_count:
            description: "Number of rollbacks"
            type: counter
            labels: [environment, reason]

        """;

    const string RollingManifest = """
        replicas: 3
        strategy:
          type: RollingUpdate
          rollingUpdate:
            maxUnavailable: 1
            maxSurge: 1

        """;

    const string ReleaseConfig = """
        {
          "environments": {
            "staging": {
              "url": "https://staging.example.com",
              "deploy_command": "kubectl apply -f k8s/staging/"
            },
            "production": {
              "url": "https://example.com",
              "deploy_command": "kubectl apply -f k8s/production/",
              "strategy": "blue-green"
            }
          },
          "tests": {
            "smoke": "npm run test:smoke",
            "integration": "npm run test:integration",
            "performance": "npm run test:performance"
          },
          "rollback": {
            "auto_rollback": true,
            "error_threshold": 0.05,
            "response_time_threshold": 2000
          }
        }
        """;

    public static TheoryData<string> Sections() => [BlueGreen, Canary, Rollback, Backup, Performance, Secrets, Network, Audit, Metrics, RollingManifest];

    static EnvironmentsFile Read(string text) => EnvironmentsFile.Parse(text, "environments.yml", "shop");

    static string Indented(string text, int columns) =>
        string.Concat(text.Split('\n').Select(x => x.Trim().Length == 0 ? "\n" : $"{new string(' ', columns)}{x}\n"));

    [Theory, MemberData(nameof(Sections))]
    public void A_section_is_taken_at_the_top_in_the_defaults_and_in_one_environment_alike(string section)
    {
        string Facts(EnvironmentSpec x) => string.Join('\n', EnvironmentReport.Of(x).Select(line => line.Contains("environments.yml", StringComparison.Ordinal) ? line[..line.IndexOf("environments.yml", StringComparison.Ordinal)] : line));
        var atTop = Read(section + Environments);
        atTop.Problems.ShouldBeEmpty();
        var inDefaults = Read($"defaults:\n{Indented(section, 2)}{Environments}");
        inDefaults.Problems.ShouldBeEmpty();
        var inOne = Read($"environments:\n  staging:\n    url: http://127.0.0.1:5080\n{Indented(section, 4)}");
        inOne.Problems.ShouldBeEmpty();
        Facts(inDefaults.Environment("staging")).ShouldBe(Facts(atTop.Environment("staging")));
        Facts(inOne.Environment("staging")).ShouldBe(Facts(atTop.Environment("staging")));
        Facts(Read(Environments).Environment("staging")).ShouldNotBe(Facts(atTop.Environment("staging")), "The section says something.");
    }

    [Theory]
    [InlineData(BlueGreen)]
    [InlineData(Canary)]
    [InlineData(RollingManifest)]
    public void A_strategy_is_taken_inside_one_service(string section)
    {
        var file = Read($"environments:\n  staging:\n    services:\n      web:\n        url: http://127.0.0.1:5080\n{Indented(section, 8)}      jobs: {{ worker: true }}\n");
        file.Problems.ShouldBeEmpty();
        file.Environment("staging").Services[0].Strategy.ShouldNotBe(file.Environment("staging").Services[1].Strategy);
    }

    [Fact]
    public void All_sections_stand_in_one_file_when_each_environment_names_its_strategy()
    {
        var file = Read($"""
            {BlueGreen}{Canary}{Rollback}{Approvals}{Backup}{Performance}{Secrets}{Network}{Audit}{Metrics}
            environments:
              development: {"{ url: 'http://127.0.0.1:5070', strategy: blue-green }"}
              staging: {"{ url: 'http://127.0.0.1:5080', strategy: canary }"}
              production: {"{ url: 'http://127.0.0.1:5090', strategy: canary }"}
            """);
        file.Problems.ShouldBeEmpty();
        file.Environment("development").Services[0].Strategy.ShouldBeOfType<StrategySpec.BlueGreen>().Stages.Select(x => x.Share).ShouldBe([10, 50, 100]);
        file.Environment("production").Services[0].Strategy.ShouldBeOfType<StrategySpec.Canary>().Stages.Select(x => x.Name).ShouldBe(["canary-10", "canary-50", "full-deployment"]);
    }

    [Fact]
    public void Two_strategies_that_are_both_enabled_are_a_mistake_until_an_environment_chooses()
    {
        var problem = Read(BlueGreen + Canary + Environments).Problems.ShouldHaveSingleItem();
        problem.Message.ShouldBe("Two strategies at once for this file: blue-green by 'blue_green' in line 2, and canary by 'canary'.");
        problem.Where.ShouldBe(new SourceLocation("environments.yml", 15, 1));
        problem.Remedy.ShouldBe("Write 'enabled: false' into one of them, or name one by 'strategy:' in each environment.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_matrix_of_approvals_gives_each_environment_its_row(bool inDefaults)
    {
        var file = Read((inDefaults ? $"defaults:\n{Indented(Approvals, 2)}" : Approvals) + Environments);
        file.Problems.ShouldBeEmpty();
        file.Environment("development").Approvals.Required.ShouldBeFalse();
        file.Environment("staging").AutoDeploy.ShouldBe(true);
        var production = file.Environment("production").Approvals;
        (production.Required, production.Minimum).ShouldBe((true, 2));
        production.Approvers.ShouldBe(["senior-engineers", "security-team"]);
    }

    [Fact]
    public void Values_arrive_in_the_units_of_the_model()
    {
        var environment = Read(Canary + Rollback + Performance + Environments).Environment("staging");
        var canary = environment.Services[0].Strategy.ShouldBeOfType<StrategySpec.Canary>();
        canary.Stages[0].Duration.ShouldBe(TimeSpan.FromMinutes(10));
        canary.Stages[0].Criteria.ShouldBe([new Criterion(new Metric.ErrorRate(), new Limit(LimitOperator.Less, 0.01)), new Criterion(new Metric.ResponseTime(95), new Limit(LimitOperator.Less, 0.5))]);
        environment.Policy.Triggers.ShouldBe(
        [
            new Criterion(new Metric.ErrorRate(), new Limit(LimitOperator.LessOrEqual, 0.05)),
            new Criterion(new Metric.ResponseTime(95), new Limit(LimitOperator.LessOrEqual, 2)),
            Criterion.HealthFailuresBelow(3),
        ]);
        environment.Services[0].Resources.ShouldBe(new ResourceLimits(2, 4L << 30));
        environment.Services[0].StartupTimeout.ShouldBe(TimeSpan.FromMinutes(5));
        environment.RollbackNotifications.Select(x => x.Channel).ShouldBe(["slack", "email"]);

        var blueGreen = Read(BlueGreen + Environments).Environment("staging");
        blueGreen.Policy.Triggers.ShouldContain(new Criterion(new Metric.ErrorRate(), new Limit(LimitOperator.LessOrEqual, 0.05)));
        blueGreen.Services[0].StartupTimeout.ShouldBe(TimeSpan.FromMinutes(5));
        var rolling = Read(RollingManifest + Environments).Environment("staging").Services[0];
        rolling.Replicas.ShouldBe(3);
        rolling.Strategy.ShouldBe(new StrategySpec.Rolling { MaxSurge = ReplicaAmount.Of(1), MaxUnavailable = ReplicaAmount.Of(1) });
    }

    /// <summary>Everything is taken but the addresses of other machines, which the local platform cannot serve.</summary>
    [Fact]
    public void Three_environments_need_an_address_to_serve_and_nothing_else()
    {
        Read(ThreeEnvironments).Problems.Select(x => (x.Where!.Value.Line, x.Message)).ShouldBe(
        [
            (4, "'url' of environment 'development' must be 'http://' with a host and a port and nothing else, but is 'https://dev.agi-eval.your-org.com'."),
            (12, "'url' of environment 'staging' must be 'http://' with a host and a port and nothing else, but is 'https://staging.agi-eval.your-org.com'."),
            (20, "'url' of environment 'production' must be 'http://' with a host and a port and nothing else, but is 'https://agi-eval.your-org.com'."),
        ]);
        Read(ThreeEnvironments).Problems.ShouldAllBe(x => x.Remedy!.EndsWith("keep that as 'url' and add 'listen: http://127.0.0.1:5080'.", StringComparison.Ordinal));

        var port = 5080;
        var served = string.Concat(ThreeEnvironments.Split('\n').Select(x => x.Contains("url:", StringComparison.Ordinal) ? $"{x}\n    listen: http://127.0.0.1:{port++}\n" : x + "\n"));
        var file = Read(served);
        file.Problems.ShouldBeEmpty();
        var production = file.Environment("production");
        production.Services[0].Url.ShouldBe(new Uri("http://127.0.0.1:5082"));
        production.Services[0].PublicUrl.ShouldBe(new Uri("https://agi-eval.your-org.com"));
        production.Services[0].Resources.ShouldBe(new ResourceLimits(2, 4L << 30));
        production.Database!.Name.ShouldBe("agi_eval_prod");
    }

    [Fact]
    public void The_release_configuration_is_taken_but_for_its_addresses_and_deploy_commands()
    {
        var file = Read(ReleaseConfig);
        file.Problems.Select(x => x.Message).ShouldBe(
        [
            "'url' of environment 'staging' must be 'http://' with a host and a port and nothing else, but is 'https://staging.example.com'.",
            "'deploy_command' of environment 'staging' is not supported by this version of Fairlead.",
            "'url' of environment 'production' must be 'http://' with a host and a port and nothing else, but is 'https://example.com'.",
            "'deploy_command' of environment 'production' is not supported by this version of Fairlead.",
        ]);
        file.Problems[1].Remedy.ShouldBe("Services are started from the release's artifacts; write the program under 'command'.");
        var staging = file.Environment("staging");
        staging.Checks.Select(x => string.Join('|', x.Command.Prepend(x.Name))).ShouldBe(["smoke|npm|run|test:smoke", "integration|npm|run|test:integration", "performance|npm|run|test:performance"]);
        staging.Policy.Triggers.ShouldBe(
        [
            Criterion.HealthFailuresBelow(3),
            new Criterion(new Metric.ErrorRate(), new Limit(LimitOperator.LessOrEqual, 0.05)),
            new Criterion(new Metric.ResponseTime(95), new Limit(LimitOperator.LessOrEqual, 2)),
        ]);
    }

    [Fact]
    public void A_manifest_of_another_system_is_told_where_its_settings_go()
    {
        var problems = Read("apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { replicas: 3 }\n" + Environments).Problems;
        problems.Length.ShouldBe(4);
        problems.ShouldAllBe(x => x.Remedy == "Kubernetes manifests are files of their own; write 'replicas', 'strategy', 'resources' and 'health' here.");
    }
}
