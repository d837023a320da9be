using System.Text;

namespace Fairlead.Versioning;

/// <summary>
/// Takes <c>id NUL message NUL …</c> apart and tests the messages on other threads than the one that reads, in lots: the tests cost more
/// than the reading.
/// </summary>
/// <param name="test">The test.</param>
/// <param name="onMatch">Called with the id of each commit whose message passes, from any thread.</param>
sealed class MessageSearch(Func<string, bool> test, Action<string> onMatch) : IDisposable
{
    const int LotSize = 256 * 1024;

    readonly List<Task> _lots = [];
    MemoryStream _lot = new();

    public void Add(ReadOnlySpan<byte> output)
    {
        _lot.Write(output);
        if (_lot.Length >= LotSize)
            TestLot(isLast: false);
    }

    /// <summary>Tests what is left and waits for everything.</summary>
    public void Complete()
    {
        TestLot(isLast: true);
        Task.WhenAll(_lots).GetAwaiter().GetResult();
    }

    public void Dispose() => _lot.Dispose();

    void TestLot(bool isLast)
    {
        var bytes = _lot.GetBuffer().AsMemory(0, (int)_lot.Length);
        var end = isLast ? bytes.Length : EndOfRecords(bytes.Span);
        if (end == 0)
            return;
        _lot = new MemoryStream();
        _lot.Write(bytes.Span[end..]);
        _lots.Add(Task.Run(() => Test(bytes.Span[..end])));
    }

    void Test(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            var id = Cut(ref records);
            var message = Cut(ref records);
            if (test(CommitMessage.Text(message, Encoding.UTF8)))
                onMatch(Encoding.ASCII.GetString(id).Trim());
        }
    }

    static ReadOnlySpan<byte> Cut(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)0);
        var part = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return part;
    }

    // Behind the last message that is whole: an even number of NULs.
    static int EndOfRecords(ReadOnlySpan<byte> bytes)
    {
        var parts = bytes.Count((byte)0);
        var end = bytes.LastIndexOf((byte)0);
        return parts % 2 == 0 ? end + 1 : bytes[..Math.Max(end, 0)].LastIndexOf((byte)0) + 1;
    }
}
