namespace Dymes.MessageStore.Scrubbing;

/// <summary>How far the reading of all files is that goes on in the background, and what it has found.</summary>
/// <param name="Percent">How much of the files it has read, 0 to 99; 100: all, and it rests.</param>
/// <param name="DamageFound">How many damaged places it has found since the start, each time that it met them.</param>
public readonly record struct ScrubProgress(int Percent, long DamageFound);
