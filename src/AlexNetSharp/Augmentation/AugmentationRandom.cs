using AlexNetSharp.Kernels.Randomness;

namespace AlexNetSharp.Augmentation;

/// <summary>What random numbers of a picture are spent on; each purpose has numbers of its own, so that one more option leaves the others' draws as they were.</summary>
internal enum AugmentationPurpose
{
    Crop,
    Flip,
    Affine,
    Elastic,
    Brightness,
    Contrast,
    ColorNoise,
    Erasing,
    Mixing,
    MixingChoice,
}

/// <summary>The random numbers of one purpose within one stream: block i is Philox's at counter (purpose · 2^32 + i).</summary>
internal struct AugmentationRandom(ulong seed, ulong stream, AugmentationPurpose purpose)
{
    private readonly ulong _seed = seed;
    private readonly ulong _stream = stream;
    private readonly ulong _first = (ulong)purpose << 32;
    private uint _position;
    private (uint Word0, uint Word1, uint Word2, uint Word3) _block;

    public uint NextUInt32()
    {
        uint place = _position++ & 3;
        if (place == 0)
            _block = Philox.Block(_seed, _first | ((_position - 1) >> 2), _stream);
        return place switch { 0 => _block.Word0, 1 => _block.Word1, 2 => _block.Word2, _ => _block.Word3 };
    }

    /// <summary>In [0, 1).</summary>
    public double NextDouble() => NextUInt32() * (1.0 / 4294967296.0);

    /// <summary>In [low, high).</summary>
    public double NextBetween(double low, double high) => low + (NextDouble() * (high - low));

    /// <summary>In [low, high), its logarithm equally likely everywhere.</summary>
    public double NextLogBetween(double low, double high) => low == high ? low : Math.Exp(NextBetween(Math.Log(low), Math.Log(high)));

    /// <summary>0 to bound − 1; off by less than bound / 2^32 from equally likely.</summary>
    public int NextInt32(int bound) => (int)(((ulong)NextUInt32() * (uint)bound) >> 32);

    public bool NextChance(double probability) => NextDouble() < probability;

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>From the gamma distribution of scale 1 (Marsaglia and Tsang 2000; below shape 1 by their power of a uniform number).</summary>
    public double NextGamma(double shape)
    {
        if (shape < 1)
        {
            double larger = NextGamma(shape + 1);
            return larger * Math.Pow(1 - NextDouble(), 1 / shape);
        }
        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = NextNormal(), v = 1 + (c * x);
            if (v <= 0)
                continue;
            v = v * v * v;
            if (Math.Log(1 - NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }

    /// <summary>From the beta distribution of two equal shapes.</summary>
    public double NextBeta(double alpha)
    {
        double a = NextGamma(alpha), b = NextGamma(alpha);
        // Both underflow for the smallest shapes only, whose draws lie at one of the ends.
        return a + b > 0 ? a / (a + b) : NextInt32(2);
    }
}
