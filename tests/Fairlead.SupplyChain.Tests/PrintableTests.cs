using FsCheck;
using FsCheck.Fluent;

namespace Fairlead.SupplyChain.Tests;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("a\r\nb\tc", "a  b c")]
    [InlineData("\u001b[31mred", "␛[31mred")]
    [InlineData("::set-output name=a::b", ": :set-output name=a::b")]
    [InlineData("  ##[command]", "  # #[command]")]
    [InlineData("a\u202Eb\u009Bc", "a\uFFFDb\uFFFDc")]
    [InlineData("Füße 🚢 .../x::y", "Füße 🚢 .../x::y")]
    [InlineData(null, "")]
    public void Text_of_strangers_becomes_one_harmless_line(string? text, string expected) => Printable.Line(text).ShouldBe(expected);

    [Fact]
    public void No_line_has_control_characters_and_none_changes_twice() => Prop.ForAll<string?>(text =>
    {
        var line = Printable.Line(text);
        return !line.Any(char.IsControl) && Printable.Line(line) == line;
    }).QuickCheckThrowOnFailure();
}
