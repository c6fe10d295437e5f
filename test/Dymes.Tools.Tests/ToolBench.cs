using System.Text;
using Dymes.Client.Tests.Nodes;
using Dymes.Message;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Tests;

/// <summary>What a run of the tool left.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output as text.</param>
/// <param name="Error">Standard error as text.</param>
/// <param name="Bytes">Standard output as bytes.</param>
public sealed record ToolRun(int ExitCode, string Output, string Error, byte[] Bytes)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A node, the command line in this process with a captured terminal, and a directory for files.</summary>
public abstract class ToolBench : IAsyncLifetime
{
    private TestNode? _node;

    protected SteppingClock Clock { get; } = new();

    protected InMemoryMessageLog Log { get; private set; } = new();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("dymes-tools-").FullName;

    protected Uri Address => _node!.Address;

    public async ValueTask InitializeAsync()
    {
        Log = new InMemoryMessageLog(Clock);
        _node = await TestNode.StartAsync(Log, clock: Clock);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _node!.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Runs the tool against the node.</summary>
    protected Task<ToolRun> RunAsync(params string[] args) => RunAsync([], args);

    protected Task<ToolRun> RunAsync(byte[] input, string[] args) => RunOfflineAsync(input, [.. args, "--url", Address.AbsoluteUri]);

    /// <summary>Runs the tool as given.</summary>
    protected async Task<ToolRun> RunOfflineAsync(byte[] input, string[] args, Func<string, string?>? environment = null, int columns = 120)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        int exitCode;
        using (var terminal = new ToolTerminal(new MemoryStream(input), output, error) { Clock = Clock, Environment = environment ?? (_ => null), Columns = columns })
        {
            exitCode = await DymesTool.RunAsync(args, terminal, TestContext.Current.CancellationToken);
        }

        return new ToolRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()), output.ToArray());
    }

    /// <summary>Appends to the log directly.</summary>
    protected async Task<IReadOnlyList<AppendReceipt>> GivenAsync(params MessageDraft[] drafts) => (await Log.AppendAsync(MessageDraft.Request(drafts))).Receipts;

    protected static MessageId OldId(int number) => new(MessageId.FirstAt(1_580_000_000_000 + number).Value + 1);
}
