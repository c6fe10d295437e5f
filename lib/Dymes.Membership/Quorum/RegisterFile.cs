using System.Text.Json;
using Dymes.Membership.Quorum.Register;
using Dymes.Programs.Replicas;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Dymes.Membership.Quorum;

/// <summary>
/// An acceptor's memory on disk: two places of a file, written in turns, the newest whole one counts. So a write that is torn harms only what nobody was told of yet. The file's room is taken when
/// it is made: a full disk does not silence an acceptor. Owned by one <see cref="Acceptor"/>, under its lock.
/// </summary>
internal sealed partial class RegisterFile : IDisposable
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "membership.register";

    private const int PlaceBytes = RegisterFrame.HeaderBytes + RegisterFrame.DocumentBytesMax;

    private readonly SafeFileHandle _file;
    private readonly string _group;
    private long _sequence;

    /// <summary>Opens the memory of a replica, or makes one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="group">The replica, in its group. What was remembered as another one, or in a group of another list, is none of its memory.</param>
    /// <param name="logger">Hears of damage.</param>
    public RegisterFile(string path, ReplicaGroup group, ILogger logger)
    {
        _group = $"{group.ClusterId}/{group.Mark}";
        _file = File.Exists(path)
            ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read)
            : File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, preallocationSize: 2 * PlaceBytes);
        KeptState[] kept = [.. new[] { Read(0), Read(1) }.OfType<KeptState>()];
        if (kept.Length == 0 && RandomAccess.GetLength(_file) > 0 && !IsZero())
        {
            LogDamaged(logger, path);
        }

        var newest = kept.MaxBy(state => state.Sequence);
        _sequence = newest?.Sequence ?? 0;
        Kept = newest?.Group == _group ? newest.State : null;
    }

    /// <summary>What was remembered when it was opened; null: nothing.</summary>
    public AcceptorState? Kept { get; }

    /// <summary>Makes a state durable.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Keep(AcceptorState state)
    {
        var kept = new KeptState(++_sequence, _group, state);
        RandomAccess.Write(_file, RegisterFrame.Of(JsonSerializer.SerializeToUtf8Bytes(kept, RegisterJson.Default.KeptState)), _sequence % 2 * PlaceBytes);
        RandomAccess.FlushToDisk(_file);
    }

    public void Dispose() => _file.Dispose();

    private KeptState? Read(int place)
    {
        try
        {
            var header = new byte[RegisterFrame.HeaderBytes];
            Fill(header, place * (long)PlaceBytes);
            var document = RegisterFrame.OpenAsync(header, bytes =>
            {
                Fill(bytes.Span, (place * (long)PlaceBytes) + RegisterFrame.HeaderBytes);
                return ValueTask.CompletedTask;
            });
            return JsonSerializer.Deserialize(document.AsTask().GetAwaiter().GetResult(), RegisterJson.Default.KeptState);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or JsonException)
        {
            return null;
        }
    }

    private void Fill(Span<byte> buffer, long offset)
    {
        if (RandomAccess.Read(_file, buffer, offset) < buffer.Length)
        {
            throw new EndOfStreamException();
        }
    }

    private bool IsZero()
    {
        var bytes = new byte[2 * PlaceBytes];
        return !bytes.AsSpan(0, RandomAccess.Read(_file, bytes, 0)).ContainsAnyExcept((byte)0);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is damaged. This replica's memory of the membership table is made anew of what the others remember; nothing is lost.")]
    private static partial void LogDamaged(ILogger logger, string path);
}
