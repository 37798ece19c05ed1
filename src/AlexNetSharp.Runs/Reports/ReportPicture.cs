using AlexNetSharp.Data;
using AlexNetSharp.Images;

namespace AlexNetSharp.Runs.Reports;

/// <summary>A picture of a set as the report shows it: as stored, but for large ones, which are made smaller.</summary>
internal static class ReportPicture
{
    private const int LargestSide = 200;

    private const int Grey = 1, Colors = 3;

    /// <summary>The bytes of a PNG; null where the picture cannot be read, or has neither 1 nor 3 channels.</summary>
    public static byte[]? Encode(ImageSet images, int index)
    {
        if (images.Channels is not (Grey or Colors))
            return null;
        try
        {
            return PictureWriter.EncodePng(Shrink(images.Read(index), images.Channels), images.Channels);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static StoredImage Shrink(StoredImage image, int channels)
    {
        int side = Math.Max(image.Height, image.Width);
        if (side <= LargestSide)
            return image;
        int height = Math.Max(1, image.Height * LargestSide / side), width = Math.Max(1, image.Width * LargestSide / side);
        ReadOnlySpan<byte> from = image.Pixels.Span;
        byte[] pixels = new byte[height * width * channels];
        for (int y = 0; y < height; y++)
        {
            (int top, int bottom) = Range(y, height, image.Height);
            for (int x = 0; x < width; x++)
            {
                (int left, int right) = Range(x, width, image.Width);
                for (int channel = 0; channel < channels; channel++)
                {
                    long sum = 0;
                    for (int row = top; row < bottom; row++)
                    {
                        for (int column = left; column < right; column++)
                            sum += from[(((row * image.Width) + column) * channels) + channel];
                    }
                    pixels[(((y * width) + x) * channels) + channel] = (byte)(sum / ((bottom - top) * (right - left)));
                }
            }
        }
        return new StoredImage(height, width, pixels);

        // The pixels of a long line that become one of a short one.
        static (int First, int End) Range(int place, int shortLength, int length) =>
            ((int)((long)place * length / shortLength), (int)Math.Max(((long)place * length / shortLength) + 1, (long)(place + 1) * length / shortLength));
    }
}
