namespace Fairlead.Changelog;

/// <summary>Tells which lines are fenced code (CommonMark 0.31, section 4.5) or a comment of several lines (section 4.6, HTML block 2). Neither begins inside the other.</summary>
sealed class HiddenLines
{
    const int ShortestFence = 3;
    const int DeepestIndent = 3;

    int _line = -1;
    bool _inComment;
    (char Mark, int Length)? _fence;

    /// <summary>Position of the line that began what was hidden last.</summary>
    public int Start { get; private set; }

    /// <summary>Whether it has not ended.</summary>
    public bool IsOpen => _inComment || _fence is not null;

    /// <summary>Takes the next line. Says whether it is hidden; the lines with the marks are too.</summary>
    public bool Hides(string line)
    {
        _line++;
        var was = IsOpen;
        if (_inComment || (_fence is null && !TakeFence(line)))
            TakeComment(line);
        else if (was)
            EndFence(line);
        if (IsOpen && !was)
            Start = _line;
        return was || IsOpen;
    }

    bool TakeFence(string line)
    {
        if (Marks(line) is not var (mark, length, info) || (mark == '`' && info.Contains('`', StringComparison.Ordinal)))
            return false;
        _fence = (mark, length);
        return true;
    }

    void EndFence(string line)
    {
        if (Marks(line) is var (mark, length, info) && mark == _fence!.Value.Mark && length >= _fence.Value.Length && string.IsNullOrWhiteSpace(info))
            _fence = null;
    }

    static (char Mark, int Length, string Info)? Marks(string line)
    {
        var text = line.AsSpan().TrimStart(' ');
        if (text.IsEmpty || text[0] is not ('`' or '~') || line.Length - text.Length > DeepestIndent)
            return null;
        var length = text.IndexOfAnyExcept(text[0]) is >= 0 and var end ? end : text.Length;
        return length < ShortestFence ? null : (text[0], length, text[length..].ToString());
    }

    void TakeComment(string line)
    {
        for (var at = 0; at >= 0 && at <= line.Length;)
        {
            var mark = line.IndexOf(_inComment ? "-->" : "<!--", at, StringComparison.Ordinal);
            if (mark < 0)
                break;
            (_inComment, at) = (!_inComment, mark + (_inComment ? "-->".Length : "<!--".Length));
        }
    }
}
