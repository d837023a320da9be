using System.Buffers.Binary;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// The commits that git keeps in <c>objects/info/commit-graph</c> or in the chain of files in <c>commit-graphs</c>, as git's document
/// "gitformat-commit-graph" describes them. A commit's position is its place in the file, those of the files below it in the chain first.
/// </summary>
sealed class CommitGraphFile
{
    const uint Signature = 0x43475048;
    const uint FanOut = 0x4F494446;
    const uint Ids = 0x4F49444C;
    const uint Commits = 0x43444154;
    const uint Edges = 0x45444745;
    const uint NoParent = 0x7000_0000;
    const uint Last = 0x8000_0000;
    const int HeaderLength = 8;
    const int EntryLength = 12;

    readonly List<Layer> _layers = [];
    readonly int _idLength;

    CommitGraphFile(int idLength) => _idLength = idLength;

    public int Count { get; private set; }

    /// <summary>Reads what git has written; null when there is nothing, or nothing that can be trusted: git itself is asked then.</summary>
    /// <param name="objects">The directory of objects.</param>
    /// <param name="idLength">Bytes of an id.</param>
    public static CommitGraphFile? Read(AbsolutePath objects, int idLength)
    {
        try
        {
            var single = objects / "info" / "commit-graph";
            var chain = objects / "info" / "commit-graphs" / "commit-graph-chain";
            AbsolutePath[] files = single.FileExists() ? [single]
                : chain.FileExists() ? [.. File.ReadAllLines(chain).Where(IsHexadecimal).Select(x => objects / "info" / "commit-graphs" / $"graph-{x}.graph")]
                : [];
            var graph = new CommitGraphFile(idLength);
            foreach (var file in files)
                graph.Add(File.ReadAllBytes(file));
            return graph.Count > 0 && graph.IsWhole() ? graph : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
        {
            return null;
        }
    }

    public int? Find(ReadOnlySpan<byte> id)
    {
        foreach (var layer in _layers)
        {
            if (layer.Find(id) is { } position)
                return layer.Base + position;
        }

        return null;
    }

    public ReadOnlySpan<byte> IdOf(int commit)
    {
        var layer = LayerOf(commit);
        return layer.Id(commit - layer.Base);
    }

    /// <summary>Committer time in seconds since 1970: the 34 bits behind the generation.</summary>
    public long TimeOf(int commit)
    {
        var data = Data(commit)[(_idLength + 8)..];
        return ((long)(BinaryPrimitives.ReadUInt32BigEndian(data) & 3) << 32) | BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
    }

    public void AddParentsTo(int commit, List<int> parents)
    {
        var data = Data(commit)[_idLength..];
        var first = BinaryPrimitives.ReadUInt32BigEndian(data);
        var second = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (first != NoParent)
            parents.Add((int)first);
        if (second == NoParent)
            return;
        if ((second & Last) == 0)
        {
            parents.Add((int)second);
            return;
        }

        var edges = LayerOf(commit).EdgesFrom((int)(second & ~Last));
        for (var i = 0; ; i += 4)
        {
            var edge = BinaryPrimitives.ReadUInt32BigEndian(edges[i..]);
            parents.Add((int)(edge & ~Last));
            if ((edge & Last) != 0)
                return;
        }
    }

    ReadOnlySpan<byte> Data(int commit)
    {
        var layer = LayerOf(commit);
        return layer.Data(commit - layer.Base);
    }

    Layer LayerOf(int commit)
    {
        var i = _layers.Count - 1;
        while (_layers[i].Base > commit)
            i--;
        return _layers[i];
    }

    void Add(byte[] file)
    {
        if (file.Length < HeaderLength || BinaryPrimitives.ReadUInt32BigEndian(file) != Signature || file[4] != 1 || file[5] != (_idLength == 20 ? 1 : 2) || file[7] != _layers.Count)
            throw new InvalidDataException();
        var chunks = new Dictionary<uint, (int From, int Length)>();
        for (var i = 0; i < file[6]; i++)
        {
            var entry = file.AsSpan(HeaderLength + (i * EntryLength), EntryLength * 2);
            var from = BinaryPrimitives.ReadInt64BigEndian(entry[4..]);
            var to = BinaryPrimitives.ReadInt64BigEndian(entry[(EntryLength + 4)..]);
            if (from < 0 || to < from || to > file.Length)
                throw new InvalidDataException();
            chunks[BinaryPrimitives.ReadUInt32BigEndian(entry)] = ((int)from, (int)(to - from));
        }

        var layer = new Layer(file, Count, _idLength, chunks.GetValueOrDefault(FanOut), chunks.GetValueOrDefault(Ids), chunks.GetValueOrDefault(Commits), chunks.GetValueOrDefault(Edges));
        _layers.Add(layer);
        Count += layer.Count;
    }

    // Whoever walks along parents relies on it.
    bool IsWhole()
    {
        List<int> parents = [];
        for (var i = 0; i < Count; i++)
        {
            parents.Clear();
            AddParentsTo(i, parents);
            if (parents.Any(x => x < 0 || x >= Count))
                return false;
        }

        return true;
    }

    static bool IsHexadecimal(string text) => text.Length > 0 && text.All(char.IsAsciiHexDigit);

    sealed class Layer
    {
        readonly byte[] _file;
        readonly int _idLength;
        readonly int _fanOut;
        readonly int _ids;
        readonly int _commits;
        readonly (int From, int Length) _edges;

        public Layer(byte[] file, int @base, int idLength, (int From, int Length) fanOut, (int From, int Length) ids, (int From, int Length) commits, (int From, int Length) edges)
        {
            (_file, Base, _idLength, _fanOut, _ids, _commits, _edges) = (file, @base, idLength, fanOut.From, ids.From, commits.From, edges);
            Count = ids.Length / idLength;
            if (fanOut.Length != 1024 || ids.Length % idLength != 0 || commits.Length != Count * (idLength + 16) || Below(256) != Count)
                throw new InvalidDataException();
        }

        public int Base { get; }

        public int Count { get; }

        public ReadOnlySpan<byte> Id(int position) => _file.AsSpan(_ids + (position * _idLength), _idLength);

        public ReadOnlySpan<byte> Data(int position) => _file.AsSpan(_commits + (position * (_idLength + 16)), _idLength + 16);

        public ReadOnlySpan<byte> EdgesFrom(int index) => _file.AsSpan(_edges.From, _edges.Length)[(index * 4)..];

        public int? Find(ReadOnlySpan<byte> id)
        {
            var (low, high) = (Below(id[0]), Below(id[0] + 1) - 1);
            while (low <= high)
            {
                var middle = (low + high) / 2;
                switch (Id(middle).SequenceCompareTo(id))
                {
                    case 0:
                        return middle;
                    case < 0:
                        low = middle + 1;
                        break;
                    default:
                        high = middle - 1;
                        break;
                }
            }

            return null;
        }

        // How many ids begin with a smaller byte.
        int Below(int first) => first == 0 ? 0 : Math.Min(Count, (int)BinaryPrimitives.ReadUInt32BigEndian(_file.AsSpan(_fanOut + ((first - 1) * 4))));
    }
}
