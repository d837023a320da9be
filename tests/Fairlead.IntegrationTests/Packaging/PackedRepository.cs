using Fairlead.Engine;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>A repository with an application, a library, an npm package and a Dockerfile.</summary>
sealed class PackedRepository : IDisposable
{
    readonly Repository _repository = new("packing");
    readonly List<AbsolutePath> _clones = [];

    public AbsolutePath Root => _repository.Root;

    public static async Task<PackedRepository> CreateAsync()
    {
        var packed = new PackedRepository();
        var repository = packed._repository;
        repository.Write(".nuke/parameters.json", "{}\n");
        repository.Write(".gitignore", "artifacts/\n.nuke/temp/\nobj/\nbin/\n");
        repository.Write("Directory.Build.props", "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework><InvariantGlobalization>true</InvariantGlobalization></PropertyGroup></Project>\n");
        repository.Write("Shop.slnx", """<Solution><Project Path="src/Shop/Shop.csproj" /><Project Path="src/Shop.Client/Shop.Client.csproj" /></Solution>""");
        // With a lock file: packing for other runtimes must not change it.
        repository.Write("src/Shop/Shop.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile></PropertyGroup><ItemGroup><ProjectReference Include="../Shop.Client/Shop.Client.csproj" /></ItemGroup></Project>""");
        repository.Write("src/Shop/Program.cs", """var app = Microsoft.AspNetCore.Builder.WebApplication.Create(args); Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(app, "/", () => Shop.Client.Price.Of(2)); app.Run();""");
        repository.Write("src/Shop.Client/Shop.Client.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><IsPackable>true</IsPackable></PropertyGroup></Project>""");
        repository.Write("src/Shop.Client/Price.cs", "namespace Shop.Client; public static class Price { public static string Of(int count) => $\"{count * 7} coins\"; }");
        repository.Write("src/Shop/packages.lock.json", """
            {
              "version": 1,
              "dependencies": {
                "net10.0": {
                  "shop.client": {
                    "type": "Project"
                  }
                }
              }
            }
            """);
        repository.Write("src/Shop/wwwroot/shop.css", "body { color: black }\n");
        repository.Write("client/package.json", """{ "name": "@shop/client", "version": "0.0.0", "files": ["index.js"], "bin": { "shop": "index.js" } }""");
        repository.Write("client/index.js", "#!/usr/bin/env node\nconsole.log('shop');\n");
        repository.Write("client/not-packed.txt", "x");
        await repository.GitAsync("init", "--quiet", "--initial-branch", "main");
        await repository.CommitAsync("feat: begin");
        await repository.GitAsync("tag", "v1.2.0");
        await repository.GitAsync("remote", "add", "origin", "https://github.com/example/shop.git");
        return packed;
    }

    /// <summary>A clone in a place whose path has another length.</summary>
    public async Task<AbsolutePath> CloneAsync()
    {
        var clone = Root.Parent / $"{Root.Name}-in-another-place" / "clone";
        _clones.Add(clone.Parent);
        await _repository.GitAsync("clone", "--quiet", "--no-hardlinks", Root, clone.Parent.CreateDirectory() / clone.Name);
        await _repository.GitAsync("-C", clone, "remote", "set-url", "origin", "https://github.com/example/shop.git");
        return clone;
    }

    public void Write(string file, string text) => _repository.Write(file, text);

    public async Task CommitAndRetagAsync()
    {
        await _repository.CommitAsync("feat: more");
        await _repository.GitAsync("tag", "--force", "v1.2.0");
    }

    public async Task<string> StatusAsync() => (await _repository.RunAsync("git", "status", "--porcelain")).StandardOutput;

    /// <summary>Runs the build in a place, and gives what it printed.</summary>
    public async Task<string> BuildAsync(AbsolutePath place, int exitCode, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using var output = new StringWriter();
        var variables = new Dictionary<string, string>(_repository.EnvironmentVariables, StringComparer.Ordinal);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            variables[name] = value;
        var result = await FairleadBuild.RunAsync<PackBuild>(new BuildOptions
        {
            Arguments = [.. arguments],
            RootDirectory = place,
            WorkingDirectory = place,
            Environment = variables,
            Output = output,
            DefaultParallelism = 1,
        });
        var text = output.ToString();
        result.ExitCode.ShouldBe(exitCode, text);
        return text;
    }

    public void Dispose()
    {
        _clones.ForEach(x => x.DeleteDirectory());
        _repository.Dispose();
    }
}
