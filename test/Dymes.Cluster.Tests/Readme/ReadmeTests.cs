using System.Diagnostics;
using Dymes.Cluster.Tests.Node;

namespace Dymes.Cluster.Tests.Readme;

/// <summary>What the README promises a newcomer.</summary>
public sealed class ReadmeTests
{
    private const string Address = "http://127.0.0.1:6510";
    private const string Mark = "----8<----";

    [Fact]
    public async Task The_commands_of_the_readme_print_what_it_says()
    {
        var readme = File.ReadAllText(FindReadme());
        var steps = ConsoleStep.Parse(readme);
        Assert.True(steps.Count >= 12, $"Only {steps.Count} commands were found: the blocks have another form.");
        var data = Directory.CreateTempSubdirectory("dymes-readme-");
        await using var node = await NodeProcess.StartAsync(data.FullName);

        var script = ConsoleStep.ToScript(steps, Mark).Replace(Address, node.Http.ToString().TrimEnd('/'), StringComparison.Ordinal);
        var outputs = (await RunAsync(script)).Split(Mark);

        Assert.Equal(steps.Count, outputs.Length - 1);
        Assert.All(steps.Zip(outputs), pair => Assert.Equal($"{pair.First.Command}\n{pair.First.Output}", $"{pair.First.Command}\n{pair.Second.Trim('\n')}"));
        await node.StopAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public void A_block_is_read_as_commands_with_their_output()
    {
        const string document = "text\n```console\n$ a=1\n$ echo $a '\n    b'\n1\nb\n```\n```\n$ not this\n```\n";
        Assert.Equal([new ConsoleStep("a=1", ""), new ConsoleStep("echo $a '\n    b'", "1\nb")], ConsoleStep.Parse(document));
    }

    private static async Task<string> RunAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync().WaitAsync(Deadline.OfWait);
        await shell.WaitForExitAsync().WaitAsync(Deadline.OfWait);
        return output;
    }

    private static string FindReadme()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "README.md")))
        {
            directory = directory.Parent ?? throw new FileNotFoundException("No README.md above the tests.");
        }

        return Path.Combine(directory.FullName, "README.md");
    }
}
