namespace Dymes.Canary;

/// <summary>One use of every banned symbol; the comment behind it is the symbol's line in its list.</summary>
internal static class Canary
{
    public static void Sing(object song, string text)
    {
        _ = System.DateTime.Now; // P:System.DateTime.Now
        _ = System.DateTime.UtcNow; // P:System.DateTime.UtcNow
        _ = System.DateTime.Today; // P:System.DateTime.Today
        _ = System.DateTimeOffset.Now; // P:System.DateTimeOffset.Now
        _ = System.DateTimeOffset.UtcNow; // P:System.DateTimeOffset.UtcNow
        _ = System.Environment.TickCount; // P:System.Environment.TickCount
        _ = System.Environment.TickCount64; // P:System.Environment.TickCount64
        _ = System.Random.Shared; // P:System.Random.Shared
        _ = new System.Random(); // M:System.Random.#ctor
        System.Threading.Thread.Sleep(1); // M:System.Threading.Thread.Sleep(System.Int32)
        System.Threading.Thread.Sleep(default(System.TimeSpan)); // M:System.Threading.Thread.Sleep(System.TimeSpan)
        _ = System.Threading.Tasks.Task.Delay(1); // M:System.Threading.Tasks.Task.Delay(System.Int32)
        _ = System.Threading.Tasks.Task.Delay(default(System.TimeSpan)); // M:System.Threading.Tasks.Task.Delay(System.TimeSpan)
        _ = System.Threading.Tasks.Task.Delay(1, default(System.Threading.CancellationToken)); // M:System.Threading.Tasks.Task.Delay(System.Int32,System.Threading.CancellationToken)
        _ = System.Threading.Tasks.Task.Delay(default(System.TimeSpan), default(System.Threading.CancellationToken)); // M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken)
        _ = System.Threading.Tasks.Task.CompletedTask; // N:System.Threading.Tasks
        System.Threading.Thread.Yield(); // T:System.Threading.Thread
        System.Threading.Monitor.Enter(song); // T:System.Threading.Monitor
        _ = new System.Threading.Lock(); // T:System.Threading.Lock
        _ = System.TimeProvider.System; // T:System.TimeProvider
        _ = System.Diagnostics.Stopwatch.GetTimestamp(); // T:System.Diagnostics.Stopwatch
        System.IO.File.Delete(text); // N:System.IO
        _ = System.Net.IPAddress.Loopback; // N:System.Net
        _ = System.Guid.NewGuid(); // T:System.Guid
        _ = System.HashCode.Combine(song); // T:System.HashCode
        _ = text.GetHashCode(); // M:System.String.GetHashCode
        _ = System.Environment.MachineName; // T:System.Environment
        System.Console.WriteLine(text); // T:System.Console
    }
}
