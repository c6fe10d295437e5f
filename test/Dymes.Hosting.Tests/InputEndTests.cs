using System.IO.Pipelines;
using Dymes.Hosting.Operating;
using Dymes.Programs.Configuration;
using Microsoft.Extensions.Hosting;

namespace Dymes.Hosting.Tests;

public sealed class InputEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_server_stops_when_its_input_ends_and_not_before()
    {
        var input = new Pipe();
        var lifetime = new Lifetime();
        InputEnd.StopAtEnd(lifetime, input.Reader.AsStream());
        await input.Writer.WriteAsync("words"u8.ToArray());
        Assert.False(lifetime.Stopping.Task.IsCompleted);

        await input.Writer.CompleteAsync();

        await lifetime.Stopping.Task.WaitAsync(Patience);
    }

    [Fact]
    public void It_is_asked_for_on_the_command_line()
    {
        Assert.True(CommandLine.Parse(["--http.port=1", "--until-input-ends"]).EndsWithInput);
        Assert.False(CommandLine.Parse(["--http.port=1"]).EndsWithInput);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public TaskCompletionSource Stopping { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopping.TrySetResult();
    }
}
