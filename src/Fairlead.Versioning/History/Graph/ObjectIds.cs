namespace Fairlead.Versioning;

/// <summary>Numbers object ids in the order in which they come. Ids are hashes, so their first bytes serve as hash codes.</summary>
/// <param name="length">Bytes of an id: 20, or 32 in SHA-256 repositories.</param>
sealed class ObjectIds(int length)
{
    const int Smallest = 1024;

    byte[] _ids = new byte[Smallest * length];
    int[] _table = new int[Smallest * 2];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _ids.AsSpan(index * length, length);

    public int? Find(ReadOnlySpan<byte> id) => _table[Slot(id)] is var entry and > 0 ? entry - 1 : null;

    /// <summary>The number of an id, which is added when it is new.</summary>
    public int Add(ReadOnlySpan<byte> id)
    {
        var slot = Slot(id);
        if (_table[slot] > 0)
            return _table[slot] - 1;
        if ((Count + 1) * length > _ids.Length)
        {
            Array.Resize(ref _ids, _ids.Length * 2);
            Rehash();
            slot = Slot(id);
        }

        id.CopyTo(_ids.AsSpan(Count * length));
        _table[slot] = ++Count;
        return Count - 1;
    }

    int Slot(ReadOnlySpan<byte> id)
    {
        var mask = _table.Length - 1;
        var slot = BitConverter.ToInt32(id) & mask;
        while (_table[slot] > 0 && !this[_table[slot] - 1].SequenceEqual(id))
            slot = (slot + 1) & mask;
        return slot;
    }

    void Rehash()
    {
        _table = new int[_ids.Length / length * 2];
        var mask = _table.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = BitConverter.ToInt32(this[i]) & mask;
            while (_table[slot] > 0)
                slot = (slot + 1) & mask;
            _table[slot] = i + 1;
        }
    }
}
