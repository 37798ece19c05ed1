namespace AlexNetSharp.Reference;

/// <summary>Philox4x32-10, a counter-based random number generator.</summary>
/// <remarks>
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, §3.2. Ten rounds; each multiplies two words of
/// the counter by constants to 64 bits, swaps high and low halves across, and mixes the key in; between rounds the key grows by a
/// Weyl constant. Known answers: tests/Golden/philox.json.
/// </remarks>
public static class ReferencePhilox
{
    private const ulong Multiplier0 = 0xD2511F53;
    private const ulong Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9; // The golden ratio's fraction.
    private const uint Weyl1 = 0xBB67AE85; // √3 − 1.

    /// <returns>Four random words for the counter (c0, c1, c2, c3) under the key.</returns>
    public static uint[] Generate(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (var round = 0; round < 10; round++)
        {
            var product0 = Multiplier0 * c0;
            var product1 = Multiplier1 * c2;
            var next0 = (uint)(product1 >> 32) ^ c1 ^ key0;
            var next1 = (uint)product1;
            var next2 = (uint)(product0 >> 32) ^ c3 ^ key1;
            var next3 = (uint)product0;
            (c0, c1, c2, c3) = (next0, next1, next2, next3);
            key0 = unchecked(key0 + Weyl0);
            key1 = unchecked(key1 + Weyl1);
        }

        return [c0, c1, c2, c3];
    }
}
