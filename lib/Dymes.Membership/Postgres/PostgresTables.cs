using Dymes.Common;
using Npgsql;

namespace Dymes.Membership.Postgres;

/// <summary>Makes the tables that Orleans' provider for PostgreSQL expects, before it looks for them, so that nobody has to run a script.</summary>
/// <param name="connection">The connection string.</param>
internal sealed class PostgresTables(string connection) : ILifecycleParticipant<ISiloLifecycle>, ILifecycleParticipant<IClusterClientLifecycle>
{
    /// <summary>What ADO.NET calls the database.</summary>
    public const string Provider = "Npgsql";

    private const string ScriptName = "Dymes.Membership.Postgres.tables.sql";

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(PostgresTables), ServiceLifecycleStage.First, CreateAsync);

    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(nameof(PostgresTables), ServiceLifecycleStage.First, CreateAsync);

    /// <summary>Makes what is missing, in one transaction. Who comes at the same time waits, and finds it made.</summary>
    /// <exception cref="DymesException">There is no connection, or this user may not make tables.</exception>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var database = new NpgsqlConnection(connection);
            await database.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var transaction = await database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(ReadScript(), database, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw Invalid($"cluster.connection is no connection string of PostgreSQL: {error.Message}", error);
        }
        catch (NpgsqlException error)
        {
            throw Invalid($"The membership tables in PostgreSQL cannot be made or found: {error.Message} Start the server, or set cluster.connection to one, as a user who may create tables.", error);
        }
    }

    private static DymesException Invalid(string message, Exception error) => new(ErrorCode.ConfigurationInvalid, message, error) { Field = "cluster.connection" };

    private static string ReadScript()
    {
        using var script = new StreamReader(typeof(PostgresTables).Assembly.GetManifestResourceStream(ScriptName)!);
        return script.ReadToEnd();
    }
}
