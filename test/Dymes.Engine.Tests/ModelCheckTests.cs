using CsCheck;
using Dymes.Message.Log;
using Dymes.Testing.Simulation;
using Dymes.Testing.Workloads;

namespace Dymes.Engine.Tests;

public sealed class ModelCheckTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(4, 300)]
    [InlineData(64, 200)]
    [InlineData(100_000, 200)]
    public Task The_engine_agrees_with_the_model_whatever_the_size_of_its_segments(int segmentMessages, int workloads) => WorkloadGen.Workloads(60).SampleAsync(
        async workload =>
        {
            var (files, store) = (new SimulatedFileSystem(), EngineFixture.TinySegments(segmentMessages));
            TimeProvider clock = TimeProvider.System;
            await ModelCheck.RunAsync(
                workload,
                given =>
                {
                    clock = given;
                    return ValueTask.FromResult<IMessageLog>(EngineFixture.Open(files, given, store));
                },
                log => EngineFixture.ReopenAsync(log, files, clock, store));
        },
        iter: workloads,
        threads: 2);
}
