using System.Globalization;
using Dymes.Benchmarks.Peers.Running;
using Npgsql;

namespace Dymes.Benchmarks.Peers.Postgres;

/// <summary>A server, and as many standbys as are wanted.</summary>
internal sealed class PostgresServers : IAsyncDisposable
{
    /// <summary>How many connections clients share: each is a process, and many more of them than processors only get in each other's way, so its users put a pool of about this size in front of it.</summary>
    public const int ConnectionsMax = 64;

    private const int InterruptSignal = 2; // a "fast" shutdown: it waits for no client
    private readonly PostgresPrograms _programs;
    private readonly int[] _ports;

    private PostgresServers(PostgresPrograms programs, string folder, int count)
    {
        (_programs, _ports) = (programs, FreePorts.Next(count));
        Directory.CreateDirectory(folder);
        PostgresPrograms.Own(folder);
        string[] directories = [.. Enumerable.Range(0, count).Select(number => Path.Combine(folder, NameOf(number)))];
        Nodes = new PeerNodes(
            [.. directories.Select((directory, number) => new PeerProcess(programs.Command(
                "postgres",
                "-D", directory,
                "-p", Text(_ports[number]),
                "-h", "127.0.0.1",
                "-c", "unix_socket_directories=",
                "-c", "max_connections=400",
                "-c", "shared_buffers=512MB",
                "-c", "max_wal_size=8GB",
                "-c", "wal_keep_size=1GB")) { StopSignal = InterruptSignal })],
            folder,
            directories);
    }

    public PeerNodes Nodes { get; }

    /// <summary>How clients reach the one that takes appends.</summary>
    public string Connection => $"Host=127.0.0.1;Port={Text(_ports[0])};Username=postgres;Database=postgres;Maximum Pool Size={Text(ConnectionsMax)};Timeout=60;Max Auto Prepare=20;Command Timeout=300";

    public static async Task<PostgresServers> StartAsync(PostgresPrograms programs, string folder, int count)
    {
        var servers = new PostgresServers(programs, folder, count);
        try
        {
            programs.Run("initdb", "--pgdata", servers.Nodes.Directories[0], "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
            servers.Nodes.All[0].Start();
            await servers.UntilReadyAsync();
            await servers.AddStandbysAsync();
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async Task StopAsync()
    {
        // The standbys last: the primary hands them what it has.
        foreach (var node in Nodes.All)
        {
            await node.StopAsync();
        }
    }

    public async Task StartAgainAsync()
    {
        Nodes.Start();
        await UntilReadyAsync();
    }

    public ValueTask DisposeAsync() => Nodes.DisposeAsync();

    private static string NameOf(int number) => $"n{Text(number)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task UntilReadyAsync() => Until.AnsweredAsync(Nodes.All.Take(1).ToList(), async stop =>
    {
        await using var connection = new NpgsqlConnection($"{Connection};Pooling=false");
        await connection.OpenAsync(stop);
        return true;
    });

    private async Task AddStandbysAsync()
    {
        if (_ports.Length == 1)
        {
            return;
        }

        for (var number = 1; number < _ports.Length; number++)
        {
            _programs.Run(
                "pg_basebackup",
                "--pgdata", Nodes.Directories[number],
                "--dbname", $"host=127.0.0.1 port={Text(_ports[0])} user=postgres application_name={NameOf(number)}",
                "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync");
            Nodes.All[number].Start();
        }

        await using var source = NpgsqlDataSource.Create(Connection);
        var standbys = string.Join(", ", Enumerable.Range(1, _ports.Length - 1).Select(NameOf));
        await source.CreateCommand($"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({standbys})'").ExecuteNonQueryAsync();
        await source.CreateCommand("SELECT pg_reload_conf()").ExecuteNonQueryAsync();
        await Until.AnsweredAsync(Nodes.All, async stop =>
        {
            await using var command = source.CreateCommand("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'quorum'");
            return (long)(await command.ExecuteScalarAsync(stop))! == _ports.Length - 1 ? true : throw new InvalidOperationException("A standby is not there yet.");
        });
    }
}
