using Dymes.Common;
using Dymes.Vsr.Sessions;

namespace Dymes.Vsr.Tests.Protocol;

public sealed class ClientTableTests
{
    [Fact]
    public void A_saved_table_goes_on_where_it_was()
    {
        var table = new ClientTable();
        table.Apply(Header(1, 10, 0, EntryKind.Registration));
        table.Apply(Header(2, 10, 1));
        table.Apply(Header(3, 20, 0, EntryKind.Registration));

        var loaded = ClientTable.TryLoad(table.Save())!;
        loaded.Apply(Header(4, 10, 2));

        Assert.True(loaded.TryFind(new ClientId(10), out var session));
        Assert.Equal(new ClientSession(new ClientId(10), 1, 2, 4), session);
        Assert.Equal((2, 4UL), (loaded.Count, loaded.Op));
    }

    [Fact]
    public void A_registration_that_comes_twice_begins_one_session()
    {
        var table = new ClientTable();
        table.Apply(Header(1, 10, 0, EntryKind.Registration));
        table.Apply(Header(2, 10, 0, EntryKind.Registration));

        Assert.True(table.TryFind(new ClientId(10), out var session));
        Assert.Equal(1UL, session.Session);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Entries_of_sessions_that_made_way_change_nothing()
    {
        var table = new ClientTable(sessionsMax: 1);
        table.Apply(Header(1, 10, 0, EntryKind.Registration));
        table.Apply(Header(2, 20, 0, EntryKind.Registration));
        table.Apply(Header(3, 10, 1));

        Assert.False(table.TryFind(new ClientId(10), out _));
        Assert.True(table.TryFind(new ClientId(20), out var session));
        Assert.Equal(2UL, session.LastOp);
    }

    [Fact]
    public void The_session_whose_request_is_oldest_makes_way()
    {
        var table = new ClientTable(sessionsMax: 3);
        table.Apply(Header(1, 10, 0, EntryKind.Registration));
        table.Apply(Header(2, 20, 0, EntryKind.Registration));
        table.Apply(Header(3, 30, 0, EntryKind.Registration));
        table.Apply(Header(4, 10, 1));
        table.Apply(Header(5, 40, 0, EntryKind.Registration));

        Assert.Equal([true, false, true, true], new UInt128[] { 10, 20, 30, 40 }.Select(client => table.TryFind(new ClientId(client), out _)));
    }

    [Fact]
    public void Every_flipped_bit_of_a_saved_table_is_seen()
    {
        var table = new ClientTable();
        table.Apply(Header(1, 10, 0, EntryKind.Registration));
        var bytes = table.Save();

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(ClientTable.TryLoad(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.NotNull(ClientTable.TryLoad(bytes));
    }

    private static EntryHeader Header(ulong op, UInt128 client, ulong number, EntryKind kind = EntryKind.Messages) => new() { Op = op, ClientId = client, RequestNumber = number, Kind = kind };
}
