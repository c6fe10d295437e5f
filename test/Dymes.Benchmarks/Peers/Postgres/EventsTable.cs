using Dymes.Benchmarks.Micro;
using Npgsql;
using NpgsqlTypes;

namespace Dymes.Benchmarks.Peers.Postgres;

/// <summary>The table of messages: what a service without a message log has, with an index for each question that Dymes answers.</summary>
internal sealed class EventsTable(NpgsqlDataSource source)
{
    private const string Headers = $$"""{"type": "{{SystemMessages.Type}}", "tenant": "{{SystemMessages.Tenant}}"}""";

    private const string Definition = """
        CREATE TABLE events (
            lsn bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id uuid NOT NULL UNIQUE,
            time timestamptz NOT NULL DEFAULT clock_timestamp(),
            channel bigint NOT NULL,
            correlation uuid,
            routing bigint NOT NULL DEFAULT 5,
            headers jsonb NOT NULL,
            body bytea NOT NULL);
        CREATE INDEX events_time ON events (time);
        CREATE INDEX events_channel ON events (channel, lsn);
        CREATE INDEX events_correlation ON events (correlation);
        CREATE INDEX events_headers ON events USING gin (headers);
        """;

    private const string Insert = "INSERT INTO events (id, channel, headers, body) VALUES ($1, $2, $3, $4)";
    private const string InsertMany = "INSERT INTO events (id, channel, headers, body) SELECT * FROM unnest($1, $2, $3, $4)";
    private const string Copy = "COPY events (id, channel, headers, body) FROM STDIN (FORMAT BINARY)";
    private const string InsertTree = "INSERT INTO events (id, channel, correlation, headers, body) SELECT * FROM unnest($1, $2, $3, $4, $5)";
    private int _sent;

    public Task CreateAsync() => source.CreateCommand(Definition).ExecuteNonQueryAsync();

    /// <summary>Appends one message.</summary>
    public async Task AppendAsync(byte[] body)
    {
        await using var command = source.CreateCommand(Insert);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (uint)Interlocked.Increment(ref _sent) % SystemMessages.Channels });
        command.Parameters.Add(new NpgsqlParameter { Value = Headers, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = body });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Appends many messages by one statement, which is a transaction.</summary>
    public async Task AppendRowsAsync(int count, BodyCycle bodies)
    {
        await using var command = source.CreateCommand(InsertMany);
        AddRows(command, count, [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())], bodies);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Appends many messages by COPY, in its binary form.</summary>
    public async Task CopyAsync(int count, BodyCycle bodies)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var rows = await connection.BeginBinaryImportAsync(Copy);
        for (var i = 0; i < count; i++)
        {
            await rows.StartRowAsync();
            await rows.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
            await rows.WriteAsync((long)(i % SystemMessages.Channels), NpgsqlDbType.Bigint);
            await rows.WriteAsync(Headers, NpgsqlDbType.Jsonb);
            await rows.WriteAsync(bodies.Next(), NpgsqlDbType.Bytea);
        }

        await rows.CompleteAsync();
    }

    /// <summary>Appends a tree in which so many follow from each; returns its root.</summary>
    public async Task<Guid> AppendTreeAsync(int messages, int children)
    {
        Guid[] ids = [.. Enumerable.Range(0, messages).Select(_ => Guid.CreateVersion7())];
        await using var command = source.CreateCommand(InsertTree);
        AddRows(command, messages, ids, new BodyCycle(SampleMessages.BodyBytes));
        Guid?[] causes = [.. Enumerable.Range(0, messages).Select(i => i == 0 ? null : (Guid?)ids[(i - 1) / children])];
        command.Parameters.Insert(2, new NpgsqlParameter { Value = causes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await command.ExecuteNonQueryAsync();
        return ids[0];
    }

    /// <summary>Brings statistics and the visibility map up to date, which the server does by itself a minute later.</summary>
    public Task SettleAsync() => source.CreateCommand("VACUUM ANALYZE events").ExecuteNonQueryAsync();

    private static void AddRows(NpgsqlCommand command, int count, Guid[] ids, BodyCycle bodies)
    {
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. Enumerable.Range(0, count).Select(i => (long)(i % SystemMessages.Channels))] });
        command.Parameters.Add(new NpgsqlParameter { Value = Enumerable.Repeat(Headers, count).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. Enumerable.Range(0, count).Select(_ => bodies.Next())] });
    }
}
