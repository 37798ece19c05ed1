namespace AlexNetSharp.Data;

/// <summary>What a picture would be without its contents: a plane v = level + slopeY·y + slopeX·x, and how much it wavers.</summary>
/// <remarks>
/// Taken from a frame along the border. Where that is even, the plane is level and its height the frame's median, which a digit
/// that runs into the frame does not disturb; a photo lit from one side gets a slope.
/// </remarks>
/// <param name="Level">The grey level at pixel (0, 0).</param>
/// <param name="SlopeY">The change from row to row.</param>
/// <param name="SlopeX">The change from column to column.</param>
/// <param name="Noise">The standard deviation around the plane, estimated from the median deviation.</param>
internal readonly record struct Background(double Level, double SlopeY, double SlopeX, double Noise)
{
    /// <summary>The frame's thickness, as a part of the shorter side.</summary>
    private const int FrameDivisor = 32;

    /// <summary>So many samples of the frame say as much as all.</summary>
    private const int LargestSampleCount = 8192;

    /// <summary>The standard deviation of a normal distribution whose median absolute deviation is 1.</summary>
    private const double MadToDeviation = 1.4826;

    /// <summary>A slope is believed only if it explains a good part of the unevenness.</summary>
    private const double WorthwhileReduction = 0.67;

    private const int FitRounds = 5;
    private const double OutlierDeviations = 2.5;

    /// <summary>The background of a grey picture [height, width].</summary>
    public static Background Estimate(ReadOnlySpan<float> grey, int height, int width)
    {
        List<Sample> frame = SampleFrame(grey, height, width);
        Background level = new(Median(frame.Select(sample => (double)sample.Value)), 0, 0, 0);
        level = level.WithNoiseOf(frame);
        if (level.Noise == 0)
            return level;

        Background plane = Fit(frame, level).WithNoiseOf(frame);
        for (int round = 1; round < FitRounds; round++)
        {
            double limit = OutlierDeviations * plane.Noise;
            List<Sample> inliers = frame.FindAll(sample => Math.Abs(plane.Residual(sample)) <= limit);
            plane = Fit(inliers, plane).WithNoiseOf(frame);
        }
        return plane.Noise < WorthwhileReduction * level.Noise ? plane : level;
    }

    /// <summary>The background's grey level at a pixel.</summary>
    public float At(int y, int x) => (float)(Level + SlopeY * y + SlopeX * x);

    private double Residual(Sample sample) => sample.Value - (Level + SlopeY * sample.Y + SlopeX * sample.X);

    private Background WithNoiseOf(List<Sample> samples)
    {
        Background self = this;
        return this with { Noise = MadToDeviation * Median(samples.Select(sample => Math.Abs(self.Residual(sample)))) };
    }

    private static List<Sample> SampleFrame(ReadOnlySpan<float> grey, int height, int width)
    {
        int thickness = Math.Max(1, Math.Min(height, width) / FrameDivisor);
        int count = 2 * thickness * (height + width);
        int step = Math.Max(1, count / LargestSampleCount);
        List<Sample> frame = [];
        int seen = 0;
        for (int y = 0; y < height; y++)
        {
            bool isWholeRow = y < thickness || y >= height - thickness;
            for (int x = 0; x < width; x++)
            {
                // From the left part of the frame straight to the right one.
                if (!isWholeRow && x == thickness)
                    x = Math.Max(x, width - thickness);
                if (seen++ % step == 0)
                    frame.Add(new Sample(y, x, grey[y * width + x]));
            }
        }
        return frame;
    }

    /// <summary>The plane of least squares through <paramref name="samples"/>; <paramref name="fallback"/> where they do not span one.</summary>
    private static Background Fit(List<Sample> samples, Background fallback)
    {
        if (samples.Count < 3)
            return fallback;
        double meanY = samples.Average(sample => (double)sample.Y);
        double meanX = samples.Average(sample => (double)sample.X);
        double mean = samples.Average(sample => (double)sample.Value);
        (double yy, double xx, double yx, double yv, double xv) = (0, 0, 0, 0, 0);
        foreach (Sample sample in samples)
        {
            (double y, double x, double value) = (sample.Y - meanY, sample.X - meanX, sample.Value - mean);
            yy += y * y;
            xx += x * x;
            yx += y * x;
            yv += y * value;
            xv += x * value;
        }
        double determinant = yy * xx - yx * yx;
        if (determinant <= 1e-9 * yy * xx)
            return fallback;
        double slopeY = (yv * xx - xv * yx) / determinant;
        double slopeX = (xv * yy - yv * yx) / determinant;
        return new Background(mean - slopeY * meanY - slopeX * meanX, slopeY, slopeX, 0);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private readonly record struct Sample(int Y, int X, float Value);
}
