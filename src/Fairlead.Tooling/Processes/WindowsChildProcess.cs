using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Fairlead.Tooling;

[SupportedOSPlatform("windows")]
sealed class WindowsChildProcess : ChildProcess
{
    /// <summary>How long the outputs are still read when the process has ended but something that it started keeps them open.</summary>
    static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(2);

    readonly Process _process;

    WindowsChildProcess(Process process, Task readers, LineDelivery delivery)
    {
        _process = process;
        Id = process.Id;
        Exited = WaitAsync(process);
        OutputClosed = CloseAsync(readers, delivery);
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
        var delivery = new LineDelivery(start.OnLine);
        var readers = Task.WhenAll(start.OnOutput is null ? Pump(process.StandardOutput, OutputKind.Out) : Hand(process.StandardOutput.BaseStream, start.OnOutput), Pump(process.StandardError, OutputKind.Error));
        _ = readers.ContinueWith(_ => file?.Dispose(), TaskScheduler.Default);
        var child = new WindowsChildProcess(process, readers, delivery);
        if (start.WriteInput is { } write)
        {
            _ = Task.Run(() => ProcessInput.Write(process.StandardInput.BaseStream, write, failure =>
            {
                child.InputFailure = failure;
                child.KillTree();
            }));
        }
        else
        {
            if (start.StandardInput is not null)
                process.StandardInput.Write(start.StandardInput);
            process.StandardInput.Close();
        }

        return child;

        static async Task Hand(Stream stream, OutputBytes onOutput)
        {
            var buffer = new byte[65_536];
            while (await stream.ReadAsync(buffer) is var count and > 0)
                onOutput(buffer.AsSpan(0, count));
        }

        async Task Pump(StreamReader reader, OutputKind kind)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (file is not null)
                    await file.WriteLineAsync(line);
                else
                    delivery.Add(kind, line);
            }
        }
    }

    public override long? MeasureMemory() => null;

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

    async Task CloseAsync(Task readers, LineDelivery delivery)
    {
        await Exited;
        await Task.WhenAny(readers, Task.Delay(PipeGrace));
        delivery.Complete();
        await delivery.Completed;
    }

    static async Task<int> WaitAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
