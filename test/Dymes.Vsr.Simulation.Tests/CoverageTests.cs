namespace Dymes.Vsr.Simulation.Tests;

public sealed class CoverageTests
{
    [Fact]
    public void Everything_that_can_happen_happens() => Assert.Empty(SeedRange.Run(2_000_000, 1000).Coverage.Missing);
}
