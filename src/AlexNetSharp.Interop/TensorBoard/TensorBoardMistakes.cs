using System.Globalization;
using System.Text;
using AlexNetSharp.Images;
using AlexNetSharp.Training;

namespace AlexNetSharp.Interop.TensorBoard;

/// <summary>Shows the mistakes of a test that a network was surest of: as a table, and each as a picture.</summary>
internal static class TensorBoardMistakes
{
    /// <summary>So many are shown at most.</summary>
    public const int Most = 24;

    private const int Grey = 1, Colors = 3;

    // Above what a card of TensorBoard shows. Event files keep all pictures, and photographs are large.
    private const int LargestSide = 256;

    public static void Write(EventFileWriter events, int step, Evaluation evaluation, ImageSet images, Func<StoredImage, int, byte[]?>? encodePng)
    {
        StringBuilder table = new("| picture | class | taken for | probability | of its class | name |\n|---|---|---|---|---|---|\n");
        int number = 0;
        foreach (Mistake mistake in evaluation.Mistakes.Take(Most))
        {
            number++;
            string label = evaluation.PerClass[mistake.Label].Label, given = evaluation.PerClass[mistake.Given].Label, name = images.Describe(mistake.Index);
            string tag = string.Create(CultureInfo.InvariantCulture, $"mistakes/{number:D2}");
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {tag} | {TensorBoardText.Escape(label)} | {TensorBoardText.Escape(given)} | {mistake.GivenProbability:F4} | {mistake.LabelProbability:F4} | {TensorBoardText.Escape(name)} |\n");
            if (encodePng is null || images.Channels is not (Grey or Colors) || TryRead(images, mistake.Index) is not StoredImage stored)
                continue;
            StoredImage shown = Shrink(stored, images.Channels);
            if (encodePng(shown, images.Channels) is byte[] png)
                events.WriteImage(tag, step, png, shown.Height, shown.Width, images.Channels, $"{number}: {label}, taken for {given}", TensorBoardText.Escape(name));
        }
        if (number > 0)
            events.WriteText("mistakes", step, table.ToString());
    }

    // It could be read for the test, but files may be moved meanwhile.
    private static StoredImage? TryRead(ImageSet images, int index)
    {
        try
        {
            return images.Read(index);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // By a whole factor: a pixel is the mean of a square of pixels. What is left over at the right and at the bottom is cut off.
    private static StoredImage Shrink(StoredImage image, int channels)
    {
        // A picture may be narrower than the factor.
        int factor = Math.Min((Math.Max(image.Height, image.Width) + LargestSide - 1) / LargestSide, Math.Min(image.Height, image.Width));
        if (factor <= 1)
            return image;
        (int height, int width) = (image.Height / factor, image.Width / factor);
        ReadOnlySpan<byte> from = image.Pixels.Span;
        byte[] pixels = new byte[height * width * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            int y = i / channels / width, x = i / channels % width, sum = 0;
            for (int row = y * factor; row < (y + 1) * factor; row++)
            {
                for (int column = x * factor; column < (x + 1) * factor; column++)
                    sum += from[(((row * image.Width) + column) * channels) + (i % channels)];
            }
            pixels[i] = (byte)(sum / (factor * factor));
        }
        return new StoredImage(height, width, pixels);
    }
}
