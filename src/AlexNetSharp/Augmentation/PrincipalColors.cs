using System.Collections.Immutable;

namespace AlexNetSharp.Augmentation;

/// <summary>Eigenvalues and eigenvectors of the covariance of red, green and blue over a set of pictures, in units of 255.</summary>
/// <param name="Eigenvalues">[3], largest first.</param>
/// <param name="Eigenvectors">[3, 3]: row c is what channel c has of the first, second and third vector.</param>
public sealed record PrincipalColors(ImmutableArray<float> Eigenvalues, ImmutableArray<float> Eigenvectors)
{
    private const int Channels = 3;
    private const int Sweeps = 32;

    /// <summary>The values in common use for ImageNet.</summary>
    public static PrincipalColors ImageNet { get; } = new(
        [0.2175f, 0.0188f, 0.0045f],
        [-0.5675f, 0.7192f, 0.4009f, -0.5808f, -0.0045f, -0.8140f, -0.5836f, -0.6948f, 0.4203f]);

    /// <summary>The principal colours of a set.</summary>
    /// <exception cref="ArgumentException">The set has not three channels.</exception>
    public static PrincipalColors Of(ImageStatistics statistics)
    {
        if (statistics.Mean.Length != Channels)
            throw new ArgumentException($"Principal colours: the pictures have {statistics.Mean.Length} channels; they need 3. Leave colour noise out for grey pictures.");
        double[] a = [.. statistics.Covariance], v = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        // Jacobi: each turn clears one entry off the diagonal; a few sweeps over all three reach the last bit.
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            Turn(a, v, 0, 1);
            Turn(a, v, 0, 2);
            Turn(a, v, 1, 2);
        }
        int[] order = [.. Enumerable.Range(0, Channels).OrderByDescending(i => a[(i * Channels) + i])];
        return new PrincipalColors(
            [.. order.Select(i => (float)a[(i * Channels) + i])],
            [.. Enumerable.Range(0, Channels).SelectMany(row => order.Select(i => (float)v[(row * Channels) + i]))]);
    }

    /// <inheritdoc/>
    public bool Equals(PrincipalColors? other) =>
        other is not null && Eigenvalues.AsSpan().SequenceEqual(other.Eigenvalues.AsSpan()) && Eigenvectors.AsSpan().SequenceEqual(other.Eigenvectors.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Eigenvalues.AsSpan().IsEmpty ? 0 : Eigenvalues[0], Eigenvalues.AsSpan().Length, Eigenvectors.AsSpan().Length);

    /// <summary>Throws unless these are three values and vectors of finite numbers.</summary>
    /// <exception cref="ArgumentException">Says how many there are.</exception>
    internal void Validate()
    {
        if (Eigenvalues.AsSpan().Length != Channels || Eigenvectors.AsSpan().Length != Channels * Channels || !Eigenvalues.All(float.IsFinite) || !Eigenvectors.All(float.IsFinite))
            throw new ArgumentException($"Augmentation: colour noise has {Eigenvalues.AsSpan().Length} eigenvalues and {Eigenvectors.AsSpan().Length} entries of eigenvectors; 3 and 9 finite numbers are needed.");
    }

    private static void Turn(double[] a, double[] v, int p, int q)
    {
        double off = a[(p * Channels) + q];
        if (off == 0)
            return;
        double theta = (a[(q * Channels) + q] - a[(p * Channels) + p]) / (2 * off);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1)), c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int i = 0; i < Channels; i++)
            (a[(i * Channels) + p], a[(i * Channels) + q]) = ((c * a[(i * Channels) + p]) - (s * a[(i * Channels) + q]), (s * a[(i * Channels) + p]) + (c * a[(i * Channels) + q]));
        for (int i = 0; i < Channels; i++)
        {
            (a[(p * Channels) + i], a[(q * Channels) + i]) = ((c * a[(p * Channels) + i]) - (s * a[(q * Channels) + i]), (s * a[(p * Channels) + i]) + (c * a[(q * Channels) + i]));
            (v[(i * Channels) + p], v[(i * Channels) + q]) = ((c * v[(i * Channels) + p]) - (s * v[(i * Channels) + q]), (s * v[(i * Channels) + p]) + (c * v[(i * Channels) + q]));
        }
    }
}
