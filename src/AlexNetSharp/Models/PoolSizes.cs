using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Models;

/// <summary>What the layers that pool over windows have in common.</summary>
internal static class PoolSizes
{
    /// <summary>The kernels' geometry, not validated yet.</summary>
    /// <param name="input">What is pooled.</param>
    /// <param name="batch">Pictures.</param>
    /// <param name="window">A window, at least 1x1.</param>
    /// <param name="stride">From one window to the next, at least 1x1.</param>
    /// <param name="padding">The rim.</param>
    /// <param name="ceils">Whether a last window may reach beyond the padded input.</param>
    /// <exception cref="OverflowException">The padded input is longer than an integer counts.</exception>
    public static PoolGeometry Geometry(FeatureShape input, int batch, Size2D window, Size2D stride, Padding padding, bool ceils)
    {
        (int top, int left, int bottom, int right) = padding.Resolve(input.Height, input.Width, window.Height, window.Width, stride);
        return new PoolGeometry
        {
            Batch = batch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            Channels = input.Channels,
            WindowHeight = window.Height,
            WindowWidth = window.Width,
            StrideHeight = stride.Height,
            StrideWidth = stride.Width,
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
            OverhangBottom = ceils ? Overhang(top, input.Height, bottom, window.Height, stride.Height) : 0,
            OverhangRight = ceils ? Overhang(left, input.Width, right, window.Width, stride.Width) : 0,
        };
    }

    // PyTorch's rule: a last window that would begin beyond the input, in the padding after it, is dropped.
    private static int Overhang(int before, int size, int after, int window, int stride)
    {
        long padded = (long)before + size + after;
        if (padded < window)
            return 0;
        long last = (padded - window + stride - 1) / stride * stride;
        if (last >= before + (long)size)
            last -= stride;
        return (int)Math.Max(last + window - padded, 0);
    }
}
