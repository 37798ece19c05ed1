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
            if (encodePng is not null && (images.Channels is Grey or Colors) && TryRead(images, mistake.Index) is StoredImage image && encodePng(image, images.Channels) is byte[] png)
                events.WriteImage(tag, step, png, image.Height, image.Width, images.Channels, $"{number}: {label}, taken for {given}", TensorBoardText.Escape(name));
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
}
