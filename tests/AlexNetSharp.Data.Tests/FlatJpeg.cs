namespace AlexNetSharp.Data.Tests;

/// <summary>JPEG files of any size and of kinds that the encoder of the tests' library does not write: each block of pixels of one level.</summary>
internal static class FlatJpeg
{
    // Codes 0, 10 and 110 are for these sizes of a difference from the block before.
    private static readonly byte[] _sizes = [0, 3, 5];

    /// <summary>A file of three components.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="progressive">Whether it is said to come in several scans (one of which is there).</param>
    /// <param name="sampling">How many samples of brightness stand beside one of colour, across and down: 1 or 2.</param>
    /// <param name="random">Draws the blocks' levels; null for one grey, which takes little time.</param>
    public static byte[] Make(int width, int height, bool progressive, int sampling, Random? random = null)
    {
        byte[] quantizers = [.. Enumerable.Repeat((byte)8, 64)];
        return
        [
            0xff, 0xd8,
            0xff, 0xdb, 0, 67, 0, .. quantizers,
            0xff, (byte)(progressive ? 0xc2 : 0xc0), 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width,
            3, 1, (byte)(0x11 * sampling), 0, 2, 0x11, 0, 3, 0x11, 0,
            0xff, 0xc4, 0, 22, 0x00, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. _sizes,
            0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, (byte)(progressive ? 0 : 63), 0,
            .. Scan(Blocks(width, height, sampling), progressive, random),
            0xff, 0xd9,
        ];
    }

    private static int Blocks(int width, int height, int sampling)
    {
        int side = 8 * sampling;
        return (width + side - 1) / side * ((height + side - 1) / side) * ((sampling * sampling) + 2);
    }

    // Without differences all bits are zero: one for the mean and, where the other coefficients come in the same scan, one for their end.
    private static byte[] Scan(int blocks, bool progressive, Random? random)
    {
        if (random is null)
            return new byte[((blocks * (progressive ? 1 : 2)) + 7) / 8];
        List<byte> bytes = [];
        int bits = 0, count = 0;
        void Append(int value, int length)
        {
            for (int bit = length - 1; bit >= 0; bit--)
            {
                bits = (bits << 1) | ((value >> bit) & 1);
                if (++count % 8 != 0)
                    continue;
                bytes.Add((byte)bits);
                if (bytes[^1] == 0xff)
                    bytes.Add(0);
            }
        }

        for (int i = 0; i < blocks; i++)
        {
            int code = random.Next(_sizes.Length);
            Append(2 * ((1 << code) - 1), code + 1);
            Append(random.Next(1 << _sizes[code]), _sizes[code]);
            if (!progressive)
                Append(0, 1);
        }
        Append(0, 7);
        return [.. bytes];
    }
}
