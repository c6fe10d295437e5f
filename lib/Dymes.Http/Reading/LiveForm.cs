using System.Buffers;
using System.Globalization;
using Dymes.Common;
using Dymes.Http.Answering;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Http.Reading;

/// <summary>How a subscription is written.</summary>
internal interface ILiveForm
{
    string ContentType { get; }

    /// <summary>Writes messages.</summary>
    void WriteMessages(IBufferWriter<byte> output, FramePage page);

    /// <summary>Writes that everything that was there has been given, or that the server lives.</summary>
    void WriteMark(IBufferWriter<byte> output, FrameStreamMark mark);

    /// <summary>Writes why the stream ends; false where the form has no words for it.</summary>
    bool TryWriteProblem(IBufferWriter<byte> output, Problem problem);
}

/// <summary>Server-sent events: the id of an event is its message's position, so that a browser that comes back goes on behind it.</summary>
internal sealed class EventForm(BodyForm bodyForm) : ILiveForm
{
    public string ContentType => MediaTypes.Events;

    public void WriteMessages(IBufferWriter<byte> output, FramePage page)
    {
        using var lines = new MessageLines(output, bodyForm);
        foreach (var frame in page)
        {
            Put(output, "id: "u8);
            Put(output, frame.Lsn);
            Put(output, "\ndata: "u8);
            lines.WriteLine(frame);
            Put(output, "\n"u8);
        }
    }

    public void WriteMark(IBufferWriter<byte> output, FrameStreamMark mark) =>
        Put(output, mark.Kind == FrameStreamMarkKind.CaughtUp ? "event: caught-up\ndata: {}\n\n"u8 : ": heartbeat\n\n"u8);

    public bool TryWriteProblem(IBufferWriter<byte> output, Problem problem)
    {
        Put(output, "event: problem\ndata: "u8);
        using (var json = new System.Text.Json.Utf8JsonWriter(output, MessageJson.WriterOptions))
        {
            problem.Write(json);
        }

        Put(output, "\n\n"u8);
        return true;
    }

    private static void Put(IBufferWriter<byte> output, Lsn lsn)
    {
        lsn.Value.TryFormat(output.GetSpan(20), out var digits, default, CultureInfo.InvariantCulture);
        output.Advance(digits);
    }

    private static void Put(IBufferWriter<byte> output, ReadOnlySpan<byte> part)
    {
        part.CopyTo(output.GetSpan(part.Length));
        output.Advance(part.Length);
    }
}

/// <summary>Raw frames, with marks between them.</summary>
internal sealed class FrameForm : ILiveForm
{
    public string ContentType => MediaTypes.Frames;

    public void WriteMessages(IBufferWriter<byte> output, FramePage page)
    {
        page.Frames.Span.CopyTo(output.GetSpan(page.Frames.Length));
        output.Advance(page.Frames.Length);
    }

    public void WriteMark(IBufferWriter<byte> output, FrameStreamMark mark)
    {
        mark.Write(output.GetSpan(FrameStreamMark.SizeBytes));
        output.Advance(FrameStreamMark.SizeBytes);
    }

    public bool TryWriteProblem(IBufferWriter<byte> output, Problem problem) => false;
}
