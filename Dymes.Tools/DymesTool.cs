using System.CommandLine;
using System.CommandLine.Parsing;
using Dymes.Common;
using Dymes.MessageStore.Files;
using Dymes.Tools.Appending;
using Dymes.Tools.Clustering;
using Dymes.Tools.Exporting;
using Dymes.Tools.Importing;
using Dymes.Tools.Operating;
using Dymes.Tools.Options;
using Dymes.Tools.Reading;
using Dymes.Tools.Simulating;
using Dymes.Tools.Stressing;
using Dymes.Tools.Terminal;
using Dymes.Tools.Touring;
using Dymes.Tools.Verifying;

namespace Dymes.Tools;

/// <summary>The executable <c>dymes</c>: its commands, and how trouble becomes a message and an exit code.</summary>
internal static class DymesTool
{
    public static async Task<int> RunAsync(string[] args, ToolTerminal terminal, CancellationToken cancellationToken = default)
    {
        // A body may begin with @: files are named by options here, not by response files.
        var global = new GlobalOptions();
        var parsed = BuildCommands(terminal, global).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                var option = error.SymbolResult is OptionResult { Option.Name: var name } && !error.Message.Contains(name, StringComparison.Ordinal) ? $" ({name})" : "";
                Complaint.Tell(terminal, $"dymes: {string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}{option}");
            }

            Complaint.Tell(terminal, "Run it with --help to see what it takes.");
            return ErrorCatalog.Describe(ErrorCode.InvalidArgument).ExitCode;
        }

        var invocation = new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false };
        if (parsed.CommandResult.Command is ClusterUpCommand)
        {
            invocation.ProcessTerminationTimeout = ClusterUpCommand.StopPatience;
        }

        try
        {
            terminal.Settings = global.Read(parsed);
            var exitCode = await parsed.InvokeAsync(invocation, cancellationToken);
            await terminal.Output.FlushAsync(CancellationToken.None);
            return exitCode;
        }
        catch (Exception trouble)
        {
            return Explain(terminal, trouble);
        }
    }

    private static int Explain(ToolTerminal terminal, Exception trouble) => trouble switch
    {
        DymesException known => Complaint.Tell(terminal, known),
        OperationCanceledException => EndInterrupted(terminal),
        IOException when terminal.IsReaderGone(trouble) => ExitCodes.Done,
        IOException full when DiskFullException.IsCauseOf(full) => Complaint.Tell(terminal, ErrorCode.DiskFull, trouble, " Free some space and run it again."),
        IOException or UnauthorizedAccessException => Complaint.Tell(terminal, ErrorCode.InvalidArgument, trouble),
        _ => Complaint.Tell(terminal, ErrorCode.Internal, trouble, $" ({trouble.GetType().Name}) This is a bug; run it with --loglevel debug, which shows where, and report that."),
    };

    // What a terminal shows for Ctrl-C stands in the line where the cursor was; the prompt gets one of its own.
    private static int EndInterrupted(ToolTerminal terminal)
    {
        if (terminal.IsErrorWatched)
        {
            terminal.WriteError("\n");
        }

        return ExitCodes.Interrupted;
    }

    private static RootCommand BuildCommands(ToolTerminal terminal, GlobalOptions global)
    {
        var root = new RootCommand($"Dymes: append messages, query and follow them, move them, and look after a node.\n{ExitCodes.Help}")
        {
            AppendCommand.Create(terminal),
            QueryCommand.Create(terminal),
            TailCommand.Create(terminal),
            ExportCommand.Create(terminal),
            ImportCommand.Create(terminal),
            StatusCommand.Create(terminal),
            ClusterCommand.Create(terminal),
            StressCommand.Create(terminal),
            WorkshopCommand.Create(terminal),
            VerifyCommand.Create(terminal),
            SimulationCommand.Create(terminal),
        };
        global.AddTo(root);
        return root;
    }
}
