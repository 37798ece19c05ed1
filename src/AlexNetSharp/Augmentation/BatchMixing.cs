using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>Mixup and cut-mix of a batch: picture i with picture count − 1 − i.</summary>
internal static unsafe class BatchMixing
{
    /// <param name="options">One of the two, or both.</param>
    /// <param name="input">A picture's shape.</param>
    /// <param name="pictures">[count, height, width, channels], in place.</param>
    /// <param name="targets">[count, classes], in place.</param>
    /// <param name="count">Pictures.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="step">The step within it.</param>
    /// <param name="team">The threads to work with.</param>
    public static void Mix(
        AugmentationOptions options, FeatureShape input, Span<float> pictures, Span<float> targets, int count, int classes, ulong seed, int epoch, int step, ThreadTeam team)
    {
        ulong stream = StreamNumber.OfMixing(epoch, step);
        AugmentationRandom choice = new(seed, stream, AugmentationPurpose.MixingChoice), random = new(seed, stream, AugmentationPurpose.Mixing);
        bool cuts = options.CutMix is not null && (options.Mixup is null || choice.NextChance(0.5));
        double own = random.NextBeta(cuts ? options.CutMix!.Alpha : options.Mixup!.Alpha);
        int left = 0, top = 0, right = input.Width, bottom = input.Height;
        if (cuts)
        {
            (left, right) = Cut(ref random, own, input.Width);
            (top, bottom) = Cut(ref random, own, input.Height);
            // What the picture's edge and whole pixels leave of the area that was drawn.
            own = 1 - ((right - left) * (bottom - top) / (double)(input.Width * input.Height));
        }
        fixed (float* values = pictures, labels = targets)
            team.Run(count / 2, new PairJob(values, labels, count, classes, input, cuts, (float)own, left, top, right, bottom));
    }

    private static (int Start, int End) Cut(ref AugmentationRandom random, double own, int side)
    {
        int length = (int)(side * Math.Sqrt(1 - own)), start = random.NextInt32(side) - (length / 2);
        return (Math.Max(0, start), Math.Min(side, start + length));
    }

    private readonly struct PairJob(float* pictures, float* labels, int count, int classes, FeatureShape input, bool cuts, float own, int left, int top, int right, int bottom) : ITeamJob
    {
        private readonly float* _pictures = pictures, _labels = labels;
        private readonly int _count = count, _classes = classes;
        private readonly FeatureShape _input = input;
        private readonly bool _cuts = cuts;
        private readonly float _own = own;
        private readonly int _left = left, _top = top, _right = right, _bottom = bottom;

        public void Execute(int task, int worker)
        {
            int other = _count - 1 - task, length = _input.Length;
            Blend(new Span<float>(_labels + ((nint)task * _classes), _classes), new Span<float>(_labels + ((nint)other * _classes), _classes));
            Span<float> a = new(_pictures + ((nint)task * length), length), b = new(_pictures + ((nint)other * length), length);
            if (!_cuts)
            {
                Blend(a, b);
                return;
            }
            for (int row = _top; row < _bottom; row++)
            {
                int start = ((row * _input.Width) + _left) * _input.Channels, end = ((row * _input.Width) + _right) * _input.Channels;
                for (int i = start; i < end; i++)
                    (a[i], b[i]) = (b[i], a[i]);
            }
        }

        private void Blend(Span<float> a, Span<float> b)
        {
            float given = 1 - _own;
            for (int i = 0; i < a.Length; i++)
                (a[i], b[i]) = ((_own * a[i]) + (given * b[i]), (_own * b[i]) + (given * a[i]));
        }
    }
}
