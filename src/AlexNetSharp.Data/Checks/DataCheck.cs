using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Reads every picture of a data set and tells what is wrong.</summary>
public static class DataCheck
{
    /// <summary>Checks a data set.</summary>
    /// <param name="data">The set.</param>
    /// <param name="found">Problems that are known already.</param>
    /// <param name="progress">Told after every hundred pictures.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static DataReport Run(DataSplits data, IEnumerable<DataProblem>? found = null, IProgress<PictureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        bool hasTest = !ReferenceEquals(data.Test, data.Validation);
        ImageSet[] sets = hasTest ? [data.Training, data.Validation, data.Test] : [data.Training, data.Validation];
        PictureLoop loop = new(sets.Sum(set => set.Count), progress, cancellationToken);
        Look[][] looks = [.. sets.Select(set => new Look[set.Count])];
        for (int s = 0; s < sets.Length; s++)
        {
            (ImageSet set, Look[] results) = (sets[s], looks[s]);
            loop.Run(set.Count, i => results[i] = LookAt(set, i));
        }

        (ImageSize? smallest, ImageSize? largest) = Sizes(looks.SelectMany(each => each));
        int[][] counts = [.. sets.Select((set, s) => Count(set, looks[s], data.Training.ClassNames))];
        return new DataReport(
            data.Name, loop.Total, data.Training.Channels,
            [.. found ?? [], .. sets.SelectMany((set, s) => looks[s].Index().Where(each => each.Item.Problem is not null).Select(each => new DataProblem(set.Describe(each.Index), each.Item.Problem!)))],
            [.. data.Training.ClassNames.Select((name, label) => new ClassCount(name, counts[0][label], counts[1][label], hasTest ? counts[2][label] : 0))],
            hasTest ? FindDuplicates(sets, looks) : [],
            smallest, largest)
        {
            Notes = data.Notes,
        };
    }

    private static Look LookAt(ImageSet set, int index)
    {
        try
        {
            StoredImage image = set.Read(index);
            return new Look(Hash(image), new ImageSize(image.Height, image.Width), null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new Look(default, null, e.Message);
        }
    }

    // Of the pixels: the same picture may have been saved twice.
    private static UInt128 Hash(StoredImage image)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(image.Pixels.Span, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash) + (ulong)image.Width;
    }

    private static (ImageSize? Smallest, ImageSize? Largest) Sizes(IEnumerable<Look> looks)
    {
        ImageSize[] sizes = [.. looks.Where(look => look.Size is not null).Select(look => look.Size!.Value)];
        return sizes.Length == 0
            ? (null, null)
            : (new ImageSize(sizes.Min(size => size.Height), sizes.Min(size => size.Width)), new ImageSize(sizes.Max(size => size.Height), sizes.Max(size => size.Width)));
    }

    private static int[] Count(ImageSet set, Look[] looks, ImmutableArray<string> classNames)
    {
        int[] counts = new int[classNames.Length];
        for (int i = 0; i < looks.Length; i++)
        {
            if (looks[i].Problem is null)
                counts[set.Labels[i]]++;
        }
        return counts;
    }

    private static ImmutableArray<DuplicatePicture> FindDuplicates(ImageSet[] sets, Look[][] looks)
    {
        Dictionary<UInt128, string> others = [];
        for (int s = 0; s < sets.Length - 1; s++)
        {
            for (int i = 0; i < looks[s].Length; i++)
            {
                if (looks[s][i].Problem is null)
                    others.TryAdd(looks[s][i].Hash, sets[s].Describe(i));
            }
        }
        ImageSet test = sets[^1];
        return [.. looks[^1].Index()
            .Where(each => each.Item.Problem is null && others.ContainsKey(each.Item.Hash))
            .Select(each => new DuplicatePicture(test.Describe(each.Index), others[each.Item.Hash]))];
    }

    private readonly record struct Look(UInt128 Hash, ImageSize? Size, string? Problem);
}
