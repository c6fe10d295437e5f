using System.Data;
using Dymes.Benchmarks.Load;
using Npgsql;
using NpgsqlTypes;

namespace Dymes.Benchmarks.Peers.Postgres;

/// <summary>Reads by one statement, row by row as they come.</summary>
internal sealed class TableReader(NpgsqlDataSource source, EventsTable table) : IReader
{
    private const string Columns = "SELECT lsn, id, time, channel, correlation, headers, body FROM events";
    private const int BodyColumn = 6;

    private const string Descendants = """
        WITH RECURSIVE tree AS (
            SELECT lsn, id, time, channel, correlation, headers, body FROM events WHERE id = $1
            UNION ALL
            SELECT e.lsn, e.id, e.time, e.channel, e.correlation, e.headers, e.body FROM events e JOIN tree ON e.correlation = tree.id)
        SELECT lsn, id, time, channel, correlation, headers, body FROM tree ORDER BY lsn
        """;

    private bool _isSettled;

    public string Name => "Npgsql";

    public string? Lack(Question question) => null;

    public async Task<ReadResult> ReadAsync(Question question)
    {
        if (!_isSettled)
        {
            await table.SettleAsync();
            _isSettled = true;
        }

        var clock = new ReadingClock();
        await using var command = CommandOf(question);
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
        while (await rows.ReadAsync())
        {
            _ = rows.GetFieldValue<Guid>(1);
            _ = rows.GetFieldValue<byte[]>(BodyColumn);
            clock.Count();
        }

        return clock.Stop();
    }

    private NpgsqlCommand CommandOf(Question question)
    {
        var command = source.CreateCommand(question switch
        {
            Question.Channel => $"{Columns} WHERE channel = $1 ORDER BY lsn",
            Question.Between => $"{Columns} WHERE time BETWEEN $1 AND $2 ORDER BY time, lsn",
            Question.Tree => Descendants,
            _ => $"{Columns} ORDER BY lsn",
        });
        switch (question)
        {
            case Question.Channel channel:
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = channel.Number });
                break;
            case Question.Between between:
                command.Parameters.Add(new NpgsqlParameter { Value = between.From.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
                command.Parameters.Add(new NpgsqlParameter { Value = between.To.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
                break;
            case Question.Tree tree:
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(tree.Root) });
                break;
        }

        return command;
    }
}
