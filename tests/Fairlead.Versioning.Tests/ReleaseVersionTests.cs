namespace Fairlead.Versioning.Tests;

public sealed class ReleaseVersionTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_dirty_tree_has_a_version_of_its_own_that_depends_on_its_content_alone()
    {
        _repository.Write("a.txt", "1");
        _repository.Write(".gitignore", "ignored\n");
        _repository.Git("add", "-A");
        _repository.Commit("feat: first");
        _repository.Write("ignored", "x");
        (await _repository.VersionAsync()).IsDirty.ShouldBeFalse();

        _repository.Write("a.txt", "2");
        _repository.Write("new\nwith \"odd\" näme", "x");
        var dirty = await _repository.VersionAsync();
        dirty.IsDirty.ShouldBeTrue();
        dirty.Version.ToString().ShouldStartWith("0.0.1-1-dirty.x");
        dirty.Variables.UncommittedChanges.ShouldBe(2);
        SemanticVersion.TryParse(dirty.Version.ToString(), out _).ShouldBeTrue();

        _repository.Git("add", "-A");
        (await _repository.VersionAsync()).Version.ToString().ShouldBe(dirty.Version.ToString(), "staging changes no file");
        _repository.Write("new\nwith \"odd\" näme", "y");
        (await _repository.VersionAsync()).Version.ToString().ShouldNotBe(dirty.Version.ToString());
        _repository.Git("reset", "-q", "--hard");
        File.Delete(_repository.Root / "a.txt");
        (await _repository.VersionAsync()).IsDirty.ShouldBeTrue();
        _repository.Git("reset", "-q", "--hard");
        _repository.Git("tag", "v1.0.0");
        _repository.Write("a.txt", "3");
        (await _repository.VersionAsync()).Version.ToString().ShouldStartWith("1.0.0-dirty.x");
    }

    [Fact]
    public async Task What_looks_wrong_is_a_warning()
    {
        _repository.Commit("first");
        (await _repository.VersionAsync()).Warnings.ShouldBeEmpty();
        _repository.Git("remote", "add", "origin", "https://github.com/acme/shop.git");
        _repository.Git("config", "remote.origin.tagOpt", "--no-tags");
        (await _repository.VersionAsync()).Warnings.Single().ShouldContain("git fetch --tags");
    }
}
