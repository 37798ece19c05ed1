using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Imaging;
using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>Resamples stored pictures: each pixel of the input is looked up where a mapping, and a random displacement before it, take it.</summary>
internal sealed class PictureSampler
{
    private readonly FeatureShape _input;
    private readonly int _setChannels;
    private readonly PictureFill _fill;
    private readonly SmoothField? _field;
    private readonly float _gridScale;

    /// <param name="input">What the model takes.</param>
    /// <param name="setChannels">Channels of the stored pictures.</param>
    /// <param name="fill">What lies outside of them.</param>
    /// <param name="elastic">The displacement that <see cref="Displace"/> draws; null for none.</param>
    public PictureSampler(FeatureShape input, int setChannels, PictureFill fill, Elastic? elastic)
    {
        (_input, _setChannels, _fill) = (input, setChannels, fill);
        Channels = Math.Min(setChannels, input.Channels);
        if (elastic is { Amplitude: > 0 })
        {
            _field = new SmoothField(input.Height, input.Width, elastic.Sigma);
            // Numbers drawn evenly from −a to a have the variance a²/3.
            _gridScale = (float)(elastic.Amplitude * Math.Sqrt(3) / SmoothField.Gain);
        }
    }

    /// <summary>Values of a pixel that comes out: the input's, or 1 where only brightness is known or wanted.</summary>
    public int Channels { get; }

    /// <summary>Scratch memory for one thread.</summary>
    public PictureWorkspace CreateWorkspace() => new(_input, Channels, _field?.GridHeight ?? 0, _field?.GridWidth ?? 0);

    /// <summary>Draws a displacement into the workspace.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Displace(PictureWorkspace workspace, double probability, AugmentationRandom random)
    {
        if (_field is null || !random.NextChance(probability))
            return false;
        FillGrid(workspace.DownGrid, ref random);
        FillGrid(workspace.RightGrid, ref random);
        return true;
    }

    /// <summary>Looks the picture up, into the workspace's.</summary>
    /// <param name="image">The stored picture.</param>
    /// <param name="mapping">From the input to it.</param>
    /// <param name="displaces">Whether the displacement drawn last applies.</param>
    /// <param name="workspace">Scratch and result.</param>
    public void Sample(StoredImage image, in PictureMapping mapping, bool displaces, PictureWorkspace workspace)
    {
        SourceRegion region = workspace.Region;
        // A spline's values never leave the range of its numbers.
        region.Read(image, _setChannels, Channels, mapping, _input.Height, _input.Width, displaces ? _gridScale : 0, _fill);
        double across = 1.0 / region.ColumnBlock, down = 1.0 / region.RowBlock;
        bool endsAcross = _fill == PictureFill.Black && (region.Left < 0 || region.Left + region.Width > region.PictureColumns);
        bool endsDown = _fill == PictureFill.Black && (region.Top < 0 || region.Top + region.Height > region.PictureRows);
        Span<float> rows = workspace.Rows, columns = workspace.Columns;
        float xx = (float)(mapping.XX * across), xy = (float)(mapping.XY * across), yx = (float)(mapping.YX * down), yy = (float)(mapping.YY * down);
        for (int row = 0; row < _input.Height; row++)
        {
            double y = row + 0.5;
            double startX = (((mapping.XY * y) + mapping.X) * across) - 0.5 - region.Left, startY = (((mapping.YY * y) + mapping.Y) * down) - 0.5 - region.Top;
            double stepX = mapping.XX * across, stepY = mapping.YX * down;
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i] = (float)(startX + (stepX * (i + 0.5)));
                rows[i] = (float)(startY + (stepY * (i + 0.5)));
            }
            if (displaces)
            {
                Span<float> right = workspace.Right, below = workspace.Down;
                _field!.Row(workspace.RightGrid, row, workspace.GridRow, right);
                _field.Row(workspace.DownGrid, row, workspace.GridRow, below);
                for (int i = 0; i < columns.Length; i++)
                {
                    columns[i] += (xx * right[i]) + (xy * below[i]);
                    rows[i] += (yx * right[i]) + (yy * below[i]);
                }
            }
            if (endsAcross)
                KeepEdges(columns, -region.Left, region.PictureColumns - 1 - region.Left);
            if (endsDown)
                KeepEdges(rows, -region.Top, region.PictureRows - 1 - region.Top);
            BilinearSampling.Sample(region.Values, region.Height, region.Width, Channels, rows, columns, workspace.Picture.AsSpan(row * _input.Width * Channels, _input.Width * Channels));
        }
    }

    // The outer half of an edge pixel is still the picture, or enlarged pictures would darken there; the half pixel beyond it leads over to black,
    // so that pictures moved by whole pixels are exact.
    private static void KeepEdges(Span<float> places, float first, float last)
    {
        for (int i = 0; i < places.Length; i++)
        {
            float place = places[i];
            if (place < first)
                places[i] = first + Math.Min(0, (2 * (place - first)) + 1);
            else if (place > last)
                places[i] = last + Math.Max(0, (2 * (place - last)) - 1);
        }
    }

    private void FillGrid(float[] grid, ref AugmentationRandom random)
    {
        for (int i = 0; i < grid.Length; i++)
            grid[i] = (float)((2 * random.NextDouble()) - 1) * _gridScale;
    }
}
