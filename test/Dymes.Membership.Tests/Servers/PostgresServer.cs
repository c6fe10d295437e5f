using System.Globalization;
using Dymes.Testing;

namespace Dymes.Membership.Tests.Servers;

/// <summary>A PostgreSQL with a data directory of its own. It refuses to run as root, so root runs it as the user postgres.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string? _programs = FindPrograms();
    private readonly string _port = FreePort.Take().ToString(CultureInfo.InvariantCulture);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dymes-postgres-");
    private ServerProcess? _server;

    public bool IsInstalled => _programs is not null;

    public string Connection => ConnectionTo("postgres");

    public string ConnectionTo(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    public async ValueTask InitializeAsync()
    {
        if (_programs is null)
        {
            return;
        }

        if (Environment.IsPrivilegedProcess)
        {
            await ServerProcess.RunAsync(["chown", "postgres", _directory.FullName]);
        }

        await ServerProcess.RunAsync(Command("initdb", "--pgdata", _directory.FullName, "--username=postgres", "--auth=trust", "--no-sync"));
        _server = await ServerProcess.StartAsync(
            Command("postgres", "-D", _directory.FullName, "-p", _port, "-h", "127.0.0.1", "-k", _directory.FullName, "-F"), "ready to accept connections");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    private static string? FindPrograms()
    {
        const string Versions = "/usr/lib/postgresql";
        var directories = Directory.Exists(Versions) ? Directory.GetDirectories(Versions).Select(version => Path.Combine(version, "bin")) : [];
        var isAllowed = !Environment.IsPrivilegedProcess || ServerProcess.Find("setpriv") is not null;
        return isAllowed && ServerProcess.Find("initdb", [.. directories]) is { } program ? Path.GetDirectoryName(program) : null;
    }

    private List<string> Command(string program, params string[] arguments)
    {
        string[] user = Environment.IsPrivilegedProcess ? [ServerProcess.Find("setpriv")!, "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        return [.. user, Path.Combine(_programs!, program), .. arguments];
    }
}
