namespace AlexNetSharp.Reference;

/// <summary>Gradients by central differences, to prove the written ones.</summary>
/// <remarks>
/// ∂f/∂x[i] ≈ (f(x + h·e[i]) − f(x − h·e[i])) / 2h. Its error is about h²·f‴/6 + 1e-16·f/h, least near h = 1e-5 for values about 1,
/// where some 1e-10 is left. Where f has a kink (relu, max) keep every x further than h from it.
/// </remarks>
public static class FiniteDifference
{
    /// <param name="f">The function; it must not change its argument.</param>
    /// <param name="x">Where; unchanged on return.</param>
    /// <param name="step">h, positive.</param>
    public static double[] Gradient(Func<double[], double> f, double[] x, double step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        var point = (double[])x.Clone();
        var gradient = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            // Divide by what was really added: x ± h is rounded.
            var above = x[i] + step;
            var below = x[i] - step;
            point[i] = above;
            var high = f(point);
            point[i] = below;
            var low = f(point);
            point[i] = x[i];
            gradient[i] = (high - low) / (above - below);
        }

        return gradient;
    }

    /// <summary>How far a written gradient lies from <see cref="Gradient"/>, over the latter's largest element.</summary>
    public static double LargestRelativeError(Func<double[], double> f, double[] x, double[] gradient, double step) =>
        RelativeError.OfLargest(Gradient(f, x, step), gradient);

    /// <summary>Throws, naming the worst element, if a written gradient is further than the tolerance from <see cref="Gradient"/>.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="gradient">The gradient to check.</param>
    /// <param name="step">h, positive.</param>
    /// <param name="tolerance">The largest difference allowed, over the largest element of the numeric gradient.</param>
    /// <exception cref="InvalidOperationException">The gradient is wrong.</exception>
    public static void Check(Func<double[], double> f, double[] x, double[] gradient, double step, double tolerance)
    {
        var numeric = Gradient(f, x, step);
        var error = RelativeError.OfLargest(numeric, gradient);
        if (error <= tolerance)
            return;

        var worst = 0;
        for (var i = 0; i < numeric.Length; i++)
        {
            var difference = Math.Abs(numeric[i] - gradient[i]);
            if (double.IsNaN(difference) || difference > Math.Abs(numeric[worst] - gradient[worst]))
                worst = i;
        }

        throw new InvalidOperationException(
            $"Gradient [{worst}] is {gradient[worst]:R}, central differences give {numeric[worst]:R}: "
            + $"off by {error:E1} of the largest, {tolerance:E1} is allowed.");
    }
}
