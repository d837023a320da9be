namespace Fairlead.SupplyChain.Tests;

public sealed class LicenceUrlsTests
{
    [Theory]
    [InlineData("https://licenses.nuget.org/MIT", "MIT")]
    [InlineData("https://licenses.nuget.org/MIT%20OR%20Apache-2.0", "MIT OR Apache-2.0")]
    [InlineData("https://licenses.nuget.org/Nobodys", null)]
    [InlineData("http://www.opensource.org/licenses/mit-license.php", "MIT")]
    [InlineData("https://opensource.org/licenses/MIT", "MIT")]
    [InlineData("https://opensource.org/licenses/bsd-3-clause/", "BSD-3-Clause")]
    [InlineData("http://www.apache.org/licenses/LICENSE-2.0.html", "Apache-2.0")]
    [InlineData("https://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0")]
    [InlineData("https://spdx.org/licenses/ISC.html", "ISC")]
    [InlineData("http://go.microsoft.com/fwlink/?LinkId=329770", null)]
    [InlineData("https://example.org/apache.org/licenses/LICENSE-2.0", null)]
    public void Known_addresses_stand_for_their_licence_and_others_for_nothing(string url, string? expected) =>
        LicenceUrls.Expression(url).ShouldBe(expected);
}
