namespace AlexNetSharp.Kernels.Randomness;

/// <summary>A sequence of random numbers with a place that can be written down: seed, stream and position say all.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="stream">Which sequence of that seed: one a purpose, so that drawing more for one leaves the others as they were.</param>
public struct PhiloxSequence(ulong seed, ulong stream)
{
    private readonly ulong _seed = seed;
    private readonly ulong _stream = stream;
    private ulong _position;

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        ulong position = _position++;
        var block = Philox.Block(_seed, position >> 2, _stream);
        return (position & 3) switch { 0 => block.Word0, 1 => block.Word1, 2 => block.Word2, _ => block.Word3 };
    }

    /// <summary>A number in [0, 1) with 32 random bits.</summary>
    public double NextDouble() => NextUInt32() * (1.0 / 4294967296.0);

    /// <summary>An integer from 0 to <paramref name="bound"/> − 1, all equally likely (Lemire 2019: multiply and reject).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        uint limit = (uint)(-bound) % (uint)bound;
        while (true)
        {
            ulong product = (ulong)NextUInt32() * (uint)bound;
            if ((uint)product >= limit)
                return (int)(product >> 32);
        }
    }

    /// <summary>A draw from the standard normal distribution (Box and Muller 1958; the second of each pair is not used).</summary>
    public double NextNormal()
    {
        // 1 − u lies in (0, 1], where the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }
}
