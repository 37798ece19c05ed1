namespace AlexNetSharp.Data;

/// <summary>Separates the strokes of a digit from what they are drawn on.</summary>
/// <remarks>
/// The background is taken off, which leaves the strokes positive whichever of the two was darker. Otsu's threshold (1979) says
/// what is surely stroke; strokes reach from there as far as a lower threshold goes, as in Canny's edges, so their soft edges
/// belong to them and a shade of paper elsewhere does not. Connected parts that are small beside the largest are specks. The box
/// ends in the middle of an edge, so an enlarged or blurred digit gets the box that it would have if it were sharp.
/// </remarks>
internal static class StrokeFinder
{
    /// <summary>Strokes lighter than this part of the full range cannot be told from an empty page.</summary>
    private const double SmallestContrast = 16.0 / 255;

    /// <summary>Of pure noise, hardly a pixel is further from its middle than this many standard deviations.</summary>
    private const double SurelyStrokeDeviations = 4;

    /// <summary>What is above <see cref="SurelyStrokeDeviations"/> in pure noise has a mean below this.</summary>
    private const double SmallestContrastDeviations = 5;

    /// <summary>The lower threshold, as a part of the strokes' mean; MNIST's own pictures come back best with 0.02 to 0.1.</summary>
    private const double EdgeShare = 0.06;

    private const double EdgeDeviations = 3;

    /// <summary>A part with less than this share of the largest one's mass is a speck.</summary>
    private const double SpeckShare = 0.03;

    private const int HistogramBins = 256;

    /// <summary>Turns a grey picture into its strokes alone, light on 0, and returns the box that they fill.</summary>
    /// <param name="grey">[height, width], 0 to 1; overwritten with the strokes.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="name">What errors call the picture.</param>
    /// <exception cref="InvalidDataException">Nothing stands out.</exception>
    public static Box Isolate(Span<float> grey, int height, int width, string name)
    {
        Background background = Background.Estimate(grey, height, width);
        TakeOff(background, grey, width);
        float surely = Math.Max(OtsuThreshold(grey), (float)(SurelyStrokeDeviations * background.Noise));
        double contrast = MeanAbove(grey, surely);
        double needed = Math.Max(SmallestContrast, SmallestContrastDeviations * background.Noise);
        if (contrast < needed)
        {
            throw new InvalidDataException(
                $"'{name}': expected a digit that stands out from its background, found a blank picture "
                + $"(contrast {contrast * 255:0.#} of 255, {needed * 255:0.#} needed). Draw it darker, or take the picture in better light.");
        }
        float edge = Math.Min(surely, (float)Math.Max(EdgeShare * contrast, EdgeDeviations * background.Noise));
        return KeepStrokes(grey, height, width, surely, edge, contrast);
    }

    /// <summary>Leaves what differs from the background, in the direction in which the picture differs more.</summary>
    private static void TakeOff(Background background, Span<float> grey, int width)
    {
        double balance = 0;
        for (int i = 0; i < grey.Length; i++)
        {
            grey[i] -= background.At(i / width, i % width);
            balance += (double)grey[i] * Math.Abs(grey[i]);
        }
        float sign = balance < 0 ? -1 : 1;
        for (int i = 0; i < grey.Length; i++)
            grey[i] = Math.Max(0, sign * grey[i]);
    }

    /// <summary>The level that parts the values into two classes with the largest variance between them.</summary>
    private static float OtsuThreshold(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
            largest = Math.Max(largest, value);
        if (largest == 0)
            return 0;

        Span<int> histogram = stackalloc int[HistogramBins];
        histogram.Clear();
        float toBin = (HistogramBins - 1) / largest;
        double total = 0;
        foreach (float value in values)
        {
            int bin = (int)(value * toBin);
            histogram[bin]++;
            total += bin;
        }

        (int best, double bestVariance, long below, double sumBelow) = (0, -1, 0, 0);
        for (int bin = 0; bin < HistogramBins - 1; bin++)
        {
            below += histogram[bin];
            sumBelow += (double)bin * histogram[bin];
            long above = values.Length - below;
            if (below == 0 || above == 0)
                continue;
            double difference = sumBelow / below - (total - sumBelow) / above;
            double variance = (double)below * above * difference * difference;
            if (variance > bestVariance)
                (best, bestVariance) = (bin, variance);
        }
        return (best + 1) / toBin;
    }

    private static double MeanAbove(ReadOnlySpan<float> values, float threshold)
    {
        (double sum, long count) = (0, 0);
        foreach (float value in values)
        {
            if (value >= threshold)
            {
                sum += value;
                count++;
            }
        }
        return count > 0 ? sum / count : 0;
    }

    /// <summary>Clears all but the strokes, and returns their box.</summary>
    private static Box KeepStrokes(Span<float> ink, int height, int width, float surely, float edge, double contrast)
    {
        int[] owners = new int[ink.Length];
        List<double> masses = FindParts(ink, height, width, surely, edge, owners);
        double smallest = SpeckShare * masses.Max();
        (int top, int bottom, int left, int right) = (height, -1, width, -1);
        for (int i = 0; i < ink.Length; i++)
        {
            if (owners[i] == 0 || masses[owners[i] - 1] < smallest)
            {
                ink[i] = 0;
                continue;
            }
            (int y, int x) = (i / width, i % width);
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
        }
        int soft = HalfEdgeWidth(ink, width, contrast, Math.Min(bottom - top, right - left) / 4);
        return new Box(top + soft, left + soft, bottom - top + 1 - 2 * soft, right - left + 1 - 2 * soft);
    }

    /// <summary>How far the middle of the strokes' edges lies inside their foot, told by the steepest one: 0 where they are sharp.</summary>
    private static int HalfEdgeWidth(ReadOnlySpan<float> ink, int width, double contrast, int largest)
    {
        float steepest = 0;
        for (int i = 0; i < ink.Length; i++)
        {
            if (i % width > 0)
                steepest = Math.Max(steepest, Math.Abs(ink[i] - ink[i - 1]));
            if (i >= width)
                steepest = Math.Max(steepest, Math.Abs(ink[i] - ink[i - width]));
        }
        return (int)Math.Clamp(Math.Round((contrast / steepest - 1) / 2), 0, largest);
    }

    /// <summary>
    /// Finds the connected parts above <paramref name="edge"/> that somewhere reach <paramref name="surely"/>: returns their masses,
    /// and in <paramref name="owners"/> for each pixel the number of its part, from 1, or 0.
    /// </summary>
    private static List<double> FindParts(ReadOnlySpan<float> ink, int height, int width, float surely, float edge, Span<int> owners)
    {
        List<double> masses = [];
        Stack<int> open = [];
        for (int seed = 0; seed < ink.Length; seed++)
        {
            if (ink[seed] < surely || owners[seed] != 0)
                continue;
            int number = masses.Count + 1;
            double mass = 0;
            owners[seed] = number;
            open.Push(seed);
            while (open.TryPop(out int pixel))
            {
                mass += ink[pixel];
                (int y, int x) = (pixel / width, pixel % width);
                for (int nearY = Math.Max(y - 1, 0); nearY <= Math.Min(y + 1, height - 1); nearY++)
                {
                    for (int nearX = Math.Max(x - 1, 0); nearX <= Math.Min(x + 1, width - 1); nearX++)
                    {
                        int near = nearY * width + nearX;
                        if (owners[near] != 0 || ink[near] < edge)
                            continue;
                        owners[near] = number;
                        open.Push(near);
                    }
                }
            }
            masses.Add(mass);
        }
        return masses;
    }
}
