namespace AlexNetSharp.Data;

/// <summary>Brings a picture of a digit to a model's input as MNIST's own pictures were made.</summary>
/// <remarks>
/// <para>MNIST's digits were scaled to fit a box of 20x20 pixels with their aspect ratio kept, which left grey levels at their
/// edges, and placed in 28x28 pixels with their centre of mass in the middle, as light strokes on black
/// (LeCun et al. 1998, "Gradient-Based Learning Applied to Document Recognition", section III.A). So is this picture: its
/// strokes are separated from the background, whichever is darker; specks are dropped; and what is left is cropped, scaled,
/// stretched to full contrast and placed.</para>
/// <para>The picture should show one digit, with the background along most of its border.</para>
/// </remarks>
public static class DigitPreparation
{
    /// <summary>The part of a side that the digit's box takes: 20 of 28 pixels.</summary>
    internal const double BoxShare = 20.0 / 28.0;

    /// <summary>Strokes are looked for in a picture no larger than this: still some 20 pixels for each one of the result.</summary>
    private const int LargestWorkingSide = 1120;

    /// <summary>Prepares the digit in <paramref name="picture"/>.</summary>
    /// <param name="picture">A digit, dark on light or light on dark.</param>
    /// <param name="height">Rows of the result: 28 for MNIST.</param>
    /// <param name="width">Columns of the result: 28 for MNIST.</param>
    /// <returns>[height, width], one channel, 0 (background) to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below one.</exception>
    /// <exception cref="InvalidDataException">The picture is blank: nothing stands out from its background.</exception>
    public static float[] Prepare(Picture picture, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);

        double shrink = Math.Min(1, (double)LargestWorkingSide / Math.Max(picture.Height, picture.Width));
        (int workHeight, int workWidth) = (Scaled(picture.Height, shrink), Scaled(picture.Width, shrink));
        float[] grey = picture.Resize(workHeight, workWidth, channels: 1);
        Box box = StrokeFinder.Isolate(grey, workHeight, workWidth, picture.Name);

        (int boxHeight, int boxWidth) = (Scaled(height, BoxShare), Scaled(width, BoxShare));
        double scale = Math.Min((double)boxHeight / box.Height, (double)boxWidth / box.Width);
        (int digitHeight, int digitWidth) = (Math.Min(Scaled(box.Height, scale), boxHeight), Math.Min(Scaled(box.Width, scale), boxWidth));
        float[] digit = Resampler.Resize(
            (y, row) => grey.AsSpan((box.Top + y) * workWidth + box.Left, box.Width).CopyTo(row),
            box.Height, box.Width, digitHeight, digitWidth, channels: 1);
        return Place(digit, digitHeight, digitWidth, height, width);
    }

    private static int Scaled(int length, double scale) => Math.Max(1, (int)Math.Round(length * scale));

    /// <summary>Stretches the digit to full contrast and places it with its centre of mass in the middle, by whole pixels.</summary>
    private static float[] Place(ReadOnlySpan<float> digit, int digitHeight, int digitWidth, int height, int width)
    {
        (double sum, double sumY, double sumX, float largest) = (0, 0, 0, 0);
        for (int y = 0; y < digitHeight; y++)
        {
            for (int x = 0; x < digitWidth; x++)
            {
                float value = digit[y * digitWidth + x];
                sum += value;
                sumY += value * y;
                sumX += value * x;
                largest = Math.Max(largest, value);
            }
        }

        // MNIST's middle is pixel 14 of 0 to 27, the first one past the geometric middle: its centres of mass lie at 13.5 to 14.5.
        int top = Math.Clamp((int)Math.Round(height / 2 - sumY / sum), 0, height - digitHeight);
        int left = Math.Clamp((int)Math.Round(width / 2 - sumX / sum), 0, width - digitWidth);
        float[] result = new float[height * width];
        for (int y = 0; y < digitHeight; y++)
        {
            for (int x = 0; x < digitWidth; x++)
                result[(top + y) * width + left + x] = digit[y * digitWidth + x] / largest;
        }
        return result;
    }
}
