using System.Buffers;
using System.Text;
using System.Text.Json;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Tools.Terminal;

/// <summary>Writes documents of JSON, one a line.</summary>
internal static class JsonLines
{
    public static void Write(TextWriter output, AppendReceipt receipt) => Write(output, json => AppendReceiptJson.Write(json, receipt));

    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, MessageJson.WriterOptions))
        {
            write(json);
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }
}
