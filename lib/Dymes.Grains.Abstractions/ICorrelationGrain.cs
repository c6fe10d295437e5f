namespace Dymes.Grains.Abstractions;

/// <summary>The index of what one message follows from and of what follows from it. Its key is <see cref="DatasetKeys.OfCorrelation"/>.</summary>
[Alias("dymes.correlation")]
public interface ICorrelationGrain : IMessageSource;
