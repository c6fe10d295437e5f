using System.CommandLine;
using Dymes.MessageStore.Files;
using Dymes.MessageStore.Verification;
using Dymes.Tools.Terminal;

namespace Dymes.Tools.Verifying;

/// <summary><c>dymes verify</c>: an offline check of a data directory, and repair where that is possible.</summary>
internal static class VerifyCommand
{
    public static Command Create(ToolTerminal terminal)
    {
        var command = new Command("verify", "Check every byte of a data directory. Exit code 0: sound, or repaired; 1: faults that a repair mends; 14: damage that only a backup mends.");
        var directory = new Argument<string>("directory") { Description = "A node's data directory, or a dataset's within it. No node may be using it." };
        var repair = new Option<bool>("--repair") { Description = "Remove damaged index files (the next start makes them again) and make a damaged journal anew." };
        var yes = new Option<bool>("--yes", "-y") { Description = "With --repair: cut a damaged tail too. What is lost by that is printed without --yes." };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON, a document for each dataset." };
        command.Add(directory);
        command.Add(repair);
        command.Add(yes);
        command.Add(json);
        command.SetAction((parsed, cancellationToken) => Task.Run(() => RunAll(
            DatasetDirectories.Find(parsed.GetRequiredValue(directory)), parsed.GetValue(repair), parsed.GetValue(yes), parsed.GetValue(json), terminal, cancellationToken)));
        return command;
    }

    private static int RunAll(IReadOnlyList<string> directories, bool repairs, bool cutsTail, bool isJson, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        var exitCode = ExitCodes.Done;
        foreach (var directory in directories)
        {
            var result = Run(directory, repairs, cutsTail, terminal, cancellationToken);
            if (isJson)
            {
                JsonLines.Write(terminal.Output, result.Write);
            }
            else
            {
                result.Print(terminal.Output);
            }

            exitCode = Math.Max(exitCode, result.ExitCode);
        }

        return exitCode;
    }

    // Between two segments nothing has been changed yet, so that is where it can be interrupted: a repair begins behind the last one.
    private static VerifyResult Run(string directory, bool repairs, bool cutsTail, ToolTerminal terminal, CancellationToken cancellationToken)
    {
        var verifier = new StoreVerifier(OsFileSystem.Instance, directory, (done, total) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (terminal.IsErrorWatched)
            {
                terminal.ShowProgress($"{directory}: {done} of {total} segments checked");
            }
        });
        try
        {
            return new VerifyResult(repairs ? verifier.Repair(cutsTail) : verifier.Check(), repairs, cutsTail);
        }
        finally
        {
            terminal.ClearProgress();
        }
    }
}
