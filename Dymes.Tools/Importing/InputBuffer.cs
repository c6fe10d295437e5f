using Dymes.Common;

namespace Dymes.Tools.Importing;

/// <summary>What was read of an input and not used yet. It grows up to one item of the largest size.</summary>
internal sealed class InputBuffer(Stream input)
{
    /// <summary>The largest item: the JSON of the largest message, with every byte of its entries escaped.</summary>
    public const int ItemBytesMax = 16 * 1024 * 1024;

    private const int FirstBytes = 256 * 1024;
    private byte[] _bytes = new byte[FirstBytes];
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>How many bytes were used so far.</summary>
    public long Used { get; private set; }

    /// <summary>Reads more.</summary>
    /// <returns>False at the end of the input.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var count = await input.ReadAsync(_bytes.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }

    /// <summary>Gives the next bytes and goes on behind them; they are valid until the next <see cref="FillAsync"/>.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        var taken = _bytes.AsMemory(_start, count);
        _start += count;
        Used += count;
        return taken;
    }

    private void MakeRoom()
    {
        var rest = Unread.Length;
        if (rest >= ItemBytesMax)
        {
            throw new DymesException(ErrorCode.TooLarge, $"At byte {Used} an item begins that has more than {ItemBytesMax} bytes; no message is that large.");
        }

        var target = rest == _bytes.Length ? new byte[_bytes.Length * 2] : _bytes;
        Unread.CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = rest;
    }
}
