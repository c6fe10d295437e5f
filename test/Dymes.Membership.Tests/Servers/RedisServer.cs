using System.Globalization;
using Dymes.Testing;

namespace Dymes.Membership.Tests.Servers;

/// <summary>A Redis that keeps nothing.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly string? _program = ServerProcess.Find("redis-server");
    private readonly string _port = FreePort.Take().ToString(CultureInfo.InvariantCulture);
    private ServerProcess? _server;

    public bool IsInstalled => _program is not null;

    public string Connection => $"127.0.0.1:{_port}";

    public async ValueTask InitializeAsync()
    {
        if (_program is not null)
        {
            _server = await ServerProcess.StartAsync([_program, "--port", _port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], "Ready to accept connections");
        }
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
