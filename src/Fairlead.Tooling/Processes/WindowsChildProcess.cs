using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Fairlead.Tooling;

[SupportedOSPlatform("windows")]
sealed class WindowsChildProcess : ChildProcess
{
    readonly Process _process;

    WindowsChildProcess(Process process, Task outputClosed)
    {
        _process = process;
        Id = process.Id;
        Exited = WaitAsync(process);
        OutputClosed = outputClosed;
    }

    public override int Id { get; }

    public override Task<int> Exited { get; }

    public override Task OutputClosed { get; }

    public static WindowsChildProcess StartNew(ChildProcessStart start)
    {
        var info = new ProcessStartInfo(start.Program, start.Arguments)
        {
            WorkingDirectory = start.WorkingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            CreateNewProcessGroup = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;

        Process process;
        try
        {
            process = Process.Start(info)!;
        }
        catch (Win32Exception)
        {
            throw new ToolNotFoundException(start.Program);
        }

        var file = start.OutputFile is null
            ? null
            : TextWriter.Synchronized(new StreamWriter(new FileStream(start.OutputFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
        var output = Task.WhenAll(Pump(process.StandardOutput, OutputKind.Out), Pump(process.StandardError, OutputKind.Error));
        _ = output.ContinueWith(_ => file?.Dispose(), TaskScheduler.Default);
        if (start.StandardInput is not null)
            process.StandardInput.Write(start.StandardInput);
        process.StandardInput.Close();
        return new WindowsChildProcess(process, output);

        async Task Pump(StreamReader reader, OutputKind kind)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (file is not null)
                    await file.WriteLineAsync(line);
                else
                    start.OnLine?.Invoke(new OutputLine(kind, line));
            }
        }
    }

    public override void RequestStop() => KillTree();

    public override void KillTree()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
