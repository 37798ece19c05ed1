namespace AlexNetSharp.Data.Tests;

/// <summary>A JPEG file of four components as Photoshop writes it, which no encoder here does: inverted CMYK of one colour, 8x8.</summary>
internal static class CmykJpeg
{
    /// <summary>The file whose components are all these values: 255 is no ink.</summary>
    public static byte[] Make(params ReadOnlySpan<byte> components)
    {
        // Quantised by 8, an 8x8 block of one value is that value less 128 and no alternating parts.
        byte[] quantizers = [.. Enumerable.Repeat((byte)8, 64)];
        byte[] categories = [.. Enumerable.Range(0, 12).Select(i => (byte)i)];
        return
        [
            0xff, 0xd8,
            0xff, 0xee, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0,
            0xff, 0xdb, 0, 67, 0, .. quantizers,
            0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0,
            // Twelve codes of four bits for the size of a block's mean; one code of a bit: the block ends.
            0xff, 0xc4, 0, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. categories,
            0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0xff, 0xda, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0,
            .. Scan(components),
            0xff, 0xd9,
        ];
    }

    private static byte[] Scan(ReadOnlySpan<byte> components)
    {
        List<bool> bits = [];
        void Append(int value, int count)
        {
            for (int bit = count - 1; bit >= 0; bit--)
                bits.Add(((value >> bit) & 1) != 0);
        }

        foreach (byte component in components)
        {
            int mean = component - 128, category = 32 - int.LeadingZeroCount(Math.Abs(mean));
            Append(category, 4);
            Append(mean < 0 ? mean + (1 << category) - 1 : mean, category);
            Append(0, 1);
        }
        while (bits.Count % 8 != 0)
            bits.Add(true);
        List<byte> bytes = [];
        for (int i = 0; i < bits.Count; i += 8)
        {
            int value = 0;
            for (int bit = 0; bit < 8; bit++)
                value = (value << 1) | (bits[i + bit] ? 1 : 0);
            bytes.Add((byte)value);
            if (value == 0xff)
                bytes.Add(0);
        }
        return [.. bytes];
    }
}
