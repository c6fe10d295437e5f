using Dymes.Message.Log;

namespace Dymes.Grains.Cursors;

/// <summary>What is kept of a cursor.</summary>
/// <param name="Rest">The rest of its query: behind what was given, as the log was when the cursor was opened.</param>
/// <param name="LastUsed">When it was opened or last read.</param>
internal sealed record CursorPlace(MessageQuery Rest, DateTimeOffset LastUsed);
