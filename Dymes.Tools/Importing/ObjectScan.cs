namespace Dymes.Tools.Importing;

/// <summary>Finds the end of a JSON object by its braces, without looking at what is in it. It can go on when more bytes have come.</summary>
internal struct ObjectScan
{
    private int _scanned;
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;

    public readonly bool IsInside => _scanned > 0;

    /// <summary>Scans what it has not seen yet.</summary>
    /// <returns>The object's length, or 0 where its end has not come; 0 too where no object begins here.</returns>
    public int Continue(ReadOnlySpan<byte> bytes)
    {
        if (_scanned == 0 && (bytes.IsEmpty || bytes[0] != '{'))
        {
            return 0;
        }

        for (; _scanned < bytes.Length; _scanned++)
        {
            if (EndsWith(bytes[_scanned]))
            {
                return _scanned + 1;
            }
        }

        return 0;
    }

    private bool EndsWith(byte symbol)
    {
        if (_isInString)
        {
            var wasEscaped = _isEscaped;
            _isEscaped = symbol == '\\' && !wasEscaped;
            _isInString = symbol != '"' || wasEscaped;
            return false;
        }

        _isInString = symbol == '"';
        _depth += symbol is (byte)'{' or (byte)'[' ? 1 : symbol is (byte)'}' or (byte)']' ? -1 : 0;
        return _depth == 0;
    }
}
