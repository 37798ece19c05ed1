namespace AlexNetSharp.Reference;

/// <summary>A picture between its pixels: Σ over all pixels of value · max(0, 1 − |row − y|) · max(0, 1 − |column − x|).</summary>
public static class ReferenceBilinearSampling
{
    /// <param name="picture">[height, width, channels].</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">Values of a pixel.</param>
    /// <param name="rows">[n], moved into the picture.</param>
    /// <param name="columns">[n], moved into the picture.</param>
    /// <returns>[n, channels].</returns>
    public static double[] Sample(double[] picture, int height, int width, int channels, double[] rows, double[] columns)
    {
        Expect.Length(picture, height * width * channels, nameof(picture));
        Expect.Length(columns, rows.Length, nameof(columns));
        var output = new double[rows.Length * channels];
        for (var i = 0; i < rows.Length; i++)
        {
            var y = Math.Clamp(rows[i], 0, height - 1);
            var x = Math.Clamp(columns[i], 0, width - 1);
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var weight = Math.Max(0, 1 - Math.Abs(row - y)) * Math.Max(0, 1 - Math.Abs(column - x));
                    for (var channel = 0; channel < channels; channel++)
                        output[(i * channels) + channel] += weight * picture[(((row * width) + column) * channels) + channel];
                }
            }
        }

        return output;
    }
}
