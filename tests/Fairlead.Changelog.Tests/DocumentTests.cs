using System.Runtime.CompilerServices;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Changelog.Tests;

/// <summary>One history and all that is made of it, compared with files that people can read. With FAIRLEAD_ACCEPT=1 the files are written.</summary>
public sealed class DocumentTests
{
    static readonly Author Ann = new("Ann _Lee_", "ann@example.org");
    static readonly Author Bot = new("renovate[bot]", "bot@example.org");

    static readonly ChangelogHistory History = new(
        [
            Release("v2.0.0", "v1.0.0",
            [
                Commit('1', "feat(api)!: page numbers begin at 1 (#31)\n\nBREAKING CHANGE: add 1 to what you pass as `page`.\n\nSee <https://example.org>.\nCloses #7"),
                Commit('2', "fix: close the stream [again](http://evil.org)\n\nFixes #8, acme/other#9"),
                Commit('3', "feat(web): dark colours") with { MergedBy = "32" },
                Commit('4', "chore(deps): update dependency left-pad to v3 (#33)", Bot),
                Commit('5', "refactor!: remove the old door"),
                Commit('6', "docs: {{explain}} @everybody"),
                Commit('7', "Tidy up"),
            ]) with { NewAuthors = [Ann, Bot] },
            Release("v1.0.0", null, [Commit('8', "feat: begin")]),
        ],
        "git@github.com:acme/shop.git");

    [Theory]
    [InlineData("release-notes.md")]
    [InlineData("changelog.md")]
    [InlineData("migration-guide.md")]
    [InlineData("model.json")]
    [InlineData("keep-a-changelog.md")]
    public void Documents_are_as_expected(string name)
    {
        var settings = new ChangelogSettings();
        var document = ChangelogBuilder.Build(History, settings);
        var renderer = new ChangelogRenderer(settings);
        Compare(name, name switch
        {
            "release-notes.md" => renderer.Render(document, DocumentKind.ReleaseNotes),
            "changelog.md" => renderer.Render(document, DocumentKind.Changelog),
            "migration-guide.md" => renderer.Render(document, DocumentKind.MigrationGuide),
            "model.json" => ChangelogJson.Write(document),
            _ => KeepAChangelog.Insert("", KeepAChangelogRelease.Of(document.Releases[0], settings, document.Links)),
        });
    }

    [Fact]
    public void A_template_of_the_users_own_replaces_the_shipped_one()
    {
        var settings = new ChangelogSettings { Templates = ChangelogSettingsReader.Parse("templates: { changelog: a.hbs, release-notes: bad.hbs, migration-guide: worse.hbs }", "x").Templates };
        var renderer = new ChangelogRenderer(settings, x => x switch { "a.hbs" => "{{#each releases}}{{version}} {{/each}}", "bad.hbs" => "{{#each}", _ => "{{#if releases}}{{nosuch 1 2}}{{/if}}" });
        var document = ChangelogBuilder.Build(History, settings);
        renderer.Render(document, DocumentKind.Changelog).Trim().ShouldBe("2.0.0 1.0.0");
        Should.Throw<UserErrorException>(() => renderer.Render(document, DocumentKind.ReleaseNotes)).Message.ShouldContain("bad.hbs");
        Should.Throw<UserErrorException>(() => renderer.Render(document, DocumentKind.MigrationGuide)).Message.ShouldContain("worse.hbs");
    }

    [Fact]
    public void The_json_form_is_json() => JsonDocument.Parse(ChangelogJson.Write(ChangelogBuilder.Build(History, new ChangelogSettings()))).RootElement.GetProperty("releases").GetArrayLength().ShouldBe(2);

    [Fact]
    public async Task The_generator_writes_documents_and_updates_the_file()
    {
        using var repository = new TestRepository();
        repository.Commit("feat: one");
        var two = repository.Commit("fix: two");
        repository.Make();
        var generator = new ChangelogGenerator(repository.Processes);
        var request = new ChangelogRequest { Root = repository.Root, Version = new(1, 0, 0), Tag = "v1.0.0", Date = new DateTimeOffset(2026, 2, 3, 0, 0, 0, TimeSpan.Zero) };
        (await generator.WriteAsync(request, DocumentKind.Changelog)).ShouldStartWith("# Changelog\n\n## 1.0.0 - 2026-02-03\n\n### Features\n\n- one (");
        (await generator.WriteJsonAsync(request)).ShouldContain("\"version\": \"1.0.0\"");
        (await generator.UpdateFileAsync(request)).Changed.ShouldBeTrue();
        (await generator.UpdateFileAsync(request)).Changed.ShouldBeFalse();
        (repository.Root / "CHANGELOG.md").ReadAllText().ShouldContain("## 1.0.0 - 2026-02-03\n\n### Added\n\n- one (");
        await Should.ThrowAsync<UserErrorException>(() => generator.UpdateFileAsync(request with { Version = null }));
        File.WriteAllBytes(repository.Root / "CHANGELOG.md", [(byte)'#', (byte)' ', 0xff]);
        (await Should.ThrowAsync<UserErrorException>(() => generator.UpdateFileAsync(request))).Message.ShouldContain("UTF-8");
        (repository.Root / ".nuke" / "changelog.yml").WriteAllText("tipes: 1\n");
        await Should.ThrowAsync<ProblemsException>(() => generator.ReadAsync(request));
    }

    [Fact]
    public void The_json_form_holds_no_commands_for_build_servers()
    {
        const string Hostile = "##vso[task.setvariable variable=x]y ##[add-path]z ###";
        var release = Release("v1.0.0", null, [Commit('1', $"feat: {Hostile}\n\nBREAKING CHANGE: ::set-output name=x::y\n::stop-commands::x"), Commit('2', $"{Hostile} \\##")]);
        var document = ChangelogBuilder.Build(new ChangelogHistory([release]), new ChangelogSettings());
        document = document with { Releases = [document.Releases[0] with { Dependencies = [new DependencyUpdate("a", null, "b", ["::x"], ["##x"])] }] };
        var json = ChangelogJson.Write(document);
        json.ShouldNotContain("##");
        json.Split('\n').ShouldNotContain(x => x.TrimStart(' ', '"').StartsWith("::", StringComparison.Ordinal));
        var read = JsonDocument.Parse(json).RootElement.GetProperty("releases")[0];
        read.GetProperty("breaking")[0].GetProperty("description").GetString().ShouldBe(Hostile);
        read.GetProperty("dependencies")[0].GetProperty("commits")[0].GetString().ShouldBe("::x");
    }

    static void Compare(string name, string text, [CallerFilePath] string source = "")
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_ACCEPT") == "1")
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(source)!, "Expected", name), text);
        else
            text.ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Expected", name)));
    }

    static HistoryCommit Commit(char id, string message, Author? author = null) => new(new string(id, 40), ["p"], default, author ?? Ann, DateTimeOffset.FromUnixTimeSeconds(id), message);

    static HistoryRelease Release(string tag, string? previous, HistoryCommit[] commits) => new()
    {
        Tag = Tag(tag),
        Version = Tag(tag).Version,
        Previous = previous is null ? null : Tag(previous),
        Commit = commits[0].Id,
        Date = Tag(tag).Date,
        Commits = [.. commits],
    };

    static ReleaseTag Tag(string name) => new(name, name, Versioning.SemanticVersion.Parse(name[1..]), name[1..], new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
}
