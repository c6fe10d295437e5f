using Dymes.Message.Log;

namespace Dymes.Testing.Model;

/// <summary>
/// Cuts answers into small pages in one buffer, and wipes it when the next page is asked for: whoever keeps a page longer than it may is found out.
/// </summary>
internal sealed class ModelPages
{
    public const int MessagesPerPage = 5;

    private byte[] _buffer = [];

    public IEnumerable<FramePage> Cut(IReadOnlyList<ModelAnswer> answers)
    {
        foreach (var chunk in answers.Chunk(MessagesPerPage))
        {
            yield return Page(chunk);
            Array.Clear(_buffer);
        }
    }

    private FramePage Page(ModelAnswer[] answers)
    {
        var bytes = answers.Sum(answer => answer.Message.Bytes.Length);
        if (_buffer.Length < bytes)
        {
            _buffer = new byte[bytes];
        }

        var end = 0;
        foreach (var answer in answers)
        {
            answer.Message.Bytes.CopyTo(_buffer.AsSpan(end));
            end += answer.Message.Bytes.Length;
        }

        return new FramePage(_buffer.AsMemory(0, end), answers.Length, answers[^1].Position);
    }
}
