namespace Dymes.Vsr.Effects;

/// <summary>What a replica wants done, in order. The host carries it out after each input, and clears it.</summary>
public sealed class EffectList
{
    private Effect[] _effects = new Effect[16];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The effect at a place.</summary>
    public ref readonly Effect this[int place] => ref _effects.AsSpan(0, Count)[place];

    /// <summary>Forgets them all: they have been carried out.</summary>
    public void Clear()
    {
        Array.Clear(_effects, 0, Count);
        Count = 0;
    }

    internal void Add(in Effect effect)
    {
        if (Count == _effects.Length)
        {
            Array.Resize(ref _effects, 2 * Count);
        }

        _effects[Count++] = effect;
    }
}
