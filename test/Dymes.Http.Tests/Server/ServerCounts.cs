using System.Diagnostics.Metrics;

namespace Dymes.Http.Tests.Server;

/// <summary>What a server counts, from its start on, and a way to wait for it.</summary>
internal sealed class ServerCounts : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string[] Held = ["dymes_http_buffered_bytes", "dymes_http_batches_open", "dymes_http_subscriptions_open"];

    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _values = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServerCounts(HttpMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Count);
        _listener.Start();
    }

    /// <summary>Waits until a request was refused for this reason.</summary>
    public Task SeeRefusalAsync(string reason) => SeeAsync(values => values.GetValueOrDefault("dymes_http_refusals " + reason) > 0);

    /// <summary>Waits until nothing is held: no memory, no place among the batches or subscriptions.</summary>
    public Task SeeNothingHeldAsync() => SeeAsync(values => Array.TrueForAll(Held, name => values.GetValueOrDefault(name) == 0));

    /// <summary>Waits until the counts are as wanted.</summary>
    public async Task SeeAsync(Func<IReadOnlyDictionary<string, long>, bool> wanted)
    {
        while (true)
        {
            Task changed;
            lock (_values)
            {
                if (wanted(_values))
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(Deadline);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var name = instrument.Name;
        foreach (var tag in tags)
        {
            name += $" {tag.Value}";
        }

        lock (_values)
        {
            _values[name] = _values.GetValueOrDefault(name) + value;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
