using BenchmarkDotNet.Running;
using Dymes.Benchmarks.Node;

switch (args.FirstOrDefault())
{
    case "micro":
        BenchmarkSwitcher.FromAssembly(typeof(NodeBench).Assembly).Run(args.Length > 1 ? args[1..] : ["--filter", "*"]);
        return 0;
    case "node" when NodeBenchOptions.TryParse(args[1..], out var options):
        await NodeBench.RunAsync(options);
        return 0;
    case HttpFloorProcess.Verb:
        return await HttpFloor.ServeAsync(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture));
    default:
        Console.Error.WriteLine("bench: micro [--filter PATTERN] | node [--rounds 3] [--seconds 3] [--long] [--only SECTION] [--directory DIR] [--out FILE]");
        return 2;
}
