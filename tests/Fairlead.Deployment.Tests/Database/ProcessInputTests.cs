using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class ProcessInputTests
{
    static readonly AbsolutePath Root = AbsolutePath.Create("/");

    static ToolCommand Reader(string script, Action<Stream> write) => ToolCommand.Of("sh", "-c", script) with { WriteInput = write, Timeout = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task An_input_that_cannot_be_read_does_not_end_like_a_whole_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It needs a shell.");
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-input-").FullName);
        var runner = new ProcessRunner(new Redactor(), TimeProvider.System, Root);
        try
        {
            foreach (var failure in new Exception[] { new IOException("The disk broke."), new UnauthorizedAccessException("It is closed."), new InvalidOperationException("Odd."), new UserErrorException("Chunk 3 was changed.", "Look.") })
            {
                var error = await Should.ThrowAsync<UserErrorException>(() => runner.RunAsync(Reader($"cat > /dev/null; touch '{directory / "whole"}'", stream =>
                {
                    stream.Write("half of it"u8);
                    throw failure;
                })));
                error.Message.ShouldContain(failure.Message);
                (directory / "whole").FileExists().ShouldBeFalse();
            }
        }
        finally
        {
            directory.DeleteDirectory();
        }
    }

    [Fact]
    public async Task A_program_that_does_not_want_all_of_its_input_is_judged_by_its_exit_code()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It needs a shell.");
        var runner = new ProcessRunner(new Redactor(), TimeProvider.System, Root);
        (await runner.RunAsync(Reader("exec true", stream =>
        {
            for (var i = 0; i < 1000; i++)
                stream.Write(new byte[65_536]);
        }))).ExitCode.ShouldBe(0);
    }
}
