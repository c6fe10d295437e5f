using Dymes.Benchmarks.Load;

namespace Dymes.Benchmarks.Peers.Postgres;

/// <summary>The programs of PostgreSQL. They refuse to run as root, so root runs them as the user postgres.</summary>
internal sealed class PostgresPrograms
{
    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    public string Server => Path.Combine(_folder, "postgres");

    /// <summary>The programs that are installed, of the newest version; null where they are not.</summary>
    public static PostgresPrograms? Find(string versions)
    {
        var folders = Directory.Exists(versions) ? Directory.GetDirectories(versions).OrderDescending().Select(version => Path.Combine(version, "bin")) : [];
        var canChangeUser = !Environment.IsPrivilegedProcess || Installation.Find("setpriv") is not null;
        return canChangeUser && folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "pg_basebackup"))) is { } found ? new PostgresPrograms(found) : null;
    }

    public IReadOnlyList<string> Command(string program, params IEnumerable<string> arguments)
    {
        string[] user = Environment.IsPrivilegedProcess ? [Installation.Find("setpriv")!, "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        return [.. user, Path.Combine(_folder, program), .. arguments];
    }

    /// <summary>Runs a program to its end.</summary>
    public void Run(string program, params string[] arguments)
    {
        var command = Command(program, arguments);
        Machine.RunToSuccess(command[0], [.. command.Skip(1)]);
    }

    /// <summary>Gives a directory to whoever runs the programs.</summary>
    public static void Own(string directory)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Machine.RunToSuccess("chown", "postgres", directory);
        }
    }
}
