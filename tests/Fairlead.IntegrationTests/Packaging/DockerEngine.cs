using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A real Docker engine of the test's own, behind a socket of its own, without networks of its own.</summary>
sealed class DockerEngine : IAsyncDisposable
{
    readonly AbsolutePath _directory;
    readonly Background _server;

    DockerEngine(AbsolutePath directory, Background server) => (_directory, _server) = (directory, server);

    public string Address => $"unix://{_directory}/d.sock";

    public static async Task<DockerEngine> StartAsync()
    {
        // Paths of sockets are short.
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fl-docker-").FullName);
        var path = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin";
        var program = ToolPath.Find("dockerd", directory, path);
        var reason = program is null || ToolPath.Find("docker", directory, path) is null ? "Docker is not installed (Debian's package docker.io has it)."
            : Environment.UserName != "root" ? "A Docker engine is started by root only."
            : null;
        if (reason is not null)
            directory.DeleteDirectory();
        Assert.SkipWhen(reason is not null, reason ?? "");
        var engine = new DockerEngine(directory, new Background(
            directory,
            ToolCommand.Of(
                program!.ToString(), "--data-root", directory / "data", "--exec-root", directory / "exec", "--host", $"unix://{directory}/d.sock", "--pidfile", directory / "pid",
                "--bridge=none", "--iptables=false", "--ip-forward=false", "--storage-driver=vfs").WithEnvironment("PATH", path)));
        await engine._server.UntilAsync(async () => (await engine.RunAsync("version")).ExitCode == 0);
        return engine;
    }

    public Task<ProcessResult> RunAsync(params string[] arguments) =>
        new ProcessRunner(new Redactor(), TimeProvider.System, _directory).RunAsync(Docker.Command(arguments).WithEnvironment("DOCKER_HOST", Address).WithAnyExitCode() with { Timeout = TimeSpan.FromMinutes(5) });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        // The engine leaves the namespace of its host's network mounted.
        await new ProcessRunner(new Redactor(), TimeProvider.System, _directory).RunAsync(ToolCommand.Of("umount", _directory / "exec" / "netns" / "default").WithAnyExitCode());
        _directory.DeleteDirectory();
    }
}
