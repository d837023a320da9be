using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>The output of one replica: a file that the replica itself appends to, and that is kept from growing without end.</summary>
sealed class ReplicaLog(AbsolutePath file, long limit = 10 * 1024 * 1024)
{
    const int TailBytes = 8 * 1024;
    const int TailLines = 20;

    long _begin;

    public AbsolutePath File { get; } = file;

    /// <summary>What is written from now on belongs to a new process.</summary>
    public void Begin()
    {
        Bound();
        _begin = Length();
    }

    /// <summary>Moves the content aside when it has become too long; what is written in that instant may be lost.</summary>
    public void Bound()
    {
        try
        {
            if (Length() > limit)
                MoveAside();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Supervising the replica matters more than its log; the next time may go better.
        }
    }

    void MoveAside()
    {
        try
        {
            System.IO.File.Copy(File, File + ".1", overwrite: true);
        }
        catch (IOException)
        {
            // No room for the copy: all the more reason to make some.
        }

        // The replica's descriptor appends: it goes on at the new end.
        using var stream = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(0);
        _begin = 0;
    }

    /// <summary>The last lines of the current process; empty when it has written nothing or they cannot be read.</summary>
    public string Tail()
    {
        try
        {
            return ReadTail();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    string ReadTail()
    {
        if (!File.FileExists())
            return "";
        using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Min(stream.Length, Math.Max(_begin, stream.Length - TailBytes));
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().TrimEnd().Split('\n');
        return string.Join('\n', lines.TakeLast(TailLines));
    }

    long Length() => File.FileExists() ? new FileInfo(File).Length : 0;
}
