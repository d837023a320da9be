using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Fairlead.Versioning;

/// <summary>
/// Messages that came along when the history was read: without a graph file git opens every commit anyway, and printing its message costs little more. Up to
/// a limit; what does not fit is asked for later.
/// </summary>
sealed class MessageStore
{
    const long MostBytes = 256L * 1024 * 1024;
    const int ChunkBytes = 1024 * 1024;

    readonly Dictionary<int, (int Chunk, int Start, int Length)> _places = [];
    readonly List<byte[]> _chunks = [];
    int _used = ChunkBytes;
    long _bytes;

    /// <summary>Whether all messages fitted.</summary>
    public bool IsWhole { get; private set; } = true;

    public void Add(int commit, ReadOnlySpan<byte> message)
    {
        if ((_bytes += message.Length) > MostBytes)
        {
            IsWhole = false;
            return;
        }

        if (_used + message.Length > ChunkBytes)
        {
            _chunks.Add(new byte[Math.Max(ChunkBytes, message.Length)]);
            _used = 0;
        }

        message.CopyTo(_chunks[^1].AsSpan(_used));
        _places[commit] = (_chunks.Count - 1, _used, message.Length);
        _used += message.Length;
    }

    public string? Find(int commit) =>
        _places.TryGetValue(commit, out var place) ? CommitMessage.Text(_chunks[place.Chunk].AsSpan(place.Start, place.Length), Encoding.UTF8) : null;

    /// <summary>The commits whose messages pass a test.</summary>
    public IReadOnlyCollection<int> Search(Func<string, bool> test)
    {
        var found = new ConcurrentBag<int>();
        try
        {
            Parallel.ForEach(Partitioner.Create(_places.Keys.ToArray(), loadBalance: true), x =>
            {
                if (test(Find(x)!))
                    found.Add(x);
            });
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }

        return found;
    }
}
