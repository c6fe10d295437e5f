using System.Text;
using System.Text.Json;
using Dymes.Common;
using Dymes.Message;
using Dymes.Message.Json;
using Dymes.Message.Log;

namespace Dymes.Client.Tests;

public sealed class AppendReceiptJsonTests
{
    [Fact]
    public void Every_outcome_comes_back_as_it_was()
    {
        foreach (var outcome in Enum.GetValues<AppendOutcome>())
        {
            var receipt = new AppendReceipt(outcome, MessageId.Max, default, ulong.MaxValue);
            receipt = receipt.IsStored ? receipt with { Lsn = Lsn.Max } : receipt;

            Assert.Equal(receipt, AppendReceiptJson.Read(Written(receipt)));
        }
    }

    [Fact]
    public void A_receipt_is_the_line_that_the_contract_shows()
    {
        var stored = new AppendReceipt(AppendOutcome.Appended, MessageId.FirstAt(1), new Lsn(17), 3);
        var refused = new AppendReceipt(AppendOutcome.VersionMismatch, MessageId.None, default, 9);

        Assert.Equal("""{"outcome":"appended","id":"00000000010000000000000000","lsn":17,"channel_version":3}""", Encoding.UTF8.GetString(Written(stored)));
        Assert.Equal("""{"outcome":"version-mismatch","id":null,"lsn":null,"channel_version":9}""", Encoding.UTF8.GetString(Written(refused)));
    }

    [Fact]
    public void A_field_of_a_newer_node_is_passed_over() =>
        Assert.Equal(AppendOutcome.Aborted, AppendReceiptJson.Read("""{"new":{"deep":[1]},"outcome":"aborted","channel_version":0}"""u8).Outcome);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"outcome":"vanished"}""")]
    [InlineData("""{"outcome":"appended","id":"short"}""")]
    [InlineData("""{"outcome":"appended","lsn":-1}""")]
    [InlineData("""{"outcome":"appe""")]
    public void Anything_else_is_no_receipt(string line) =>
        Assert.Throws<DymesException>(() => AppendReceiptJson.Read(Encoding.UTF8.GetBytes(line)));

    private static byte[] Written(AppendReceipt receipt)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            AppendReceiptJson.Write(json, receipt);
        }

        return bytes.ToArray();
    }
}
