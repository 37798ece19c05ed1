using System.Collections.Immutable;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Loads CIFAR-10 or CIFAR-100 (Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images") in their binary version.</summary>
/// <remarks>
/// <para>CIFAR-10 is <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>, <c>test_batch.bin</c> and <c>batches.meta.txt</c>: a label and 3,072 bytes a
/// picture. CIFAR-100 is <c>train.bin</c>, <c>test.bin</c> and <c>fine_label_names.txt</c>: a coarse label, a fine one, which is the class, and
/// 3,072 bytes. A picture is 32x32, all red values before the green and the blue ones.</para>
/// <para>The last tenth of the training pictures, rounded down, is the validation split: 5,000 of 50,000.</para>
/// </remarks>
public static class CifarDirectory
{
    private const int Side = 32, Channels = 3;
    private const int ImageLength = Side * Side * Channels;
    private const int ValidationDivisor = 10;

    private static readonly Version[] Versions =
    [
        new("CIFAR-10", "cifar-10-batches-bin", ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"], "test_batch.bin", "batches.meta.txt", LabelBytes: 1),
        new("CIFAR-100", "cifar-100-binary", ["train.bin"], "test.bin", "fine_label_names.txt", LabelBytes: 2),
    ];

    /// <summary>The sets that are known by name.</summary>
    internal static ImmutableArray<CifarSource> Known { get; } =
    [
        new("cifar-10", "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
        new("cifar-100", "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
    ];

    /// <summary>Loads the set in <paramref name="path"/>, or in the folder that its archive makes there (<c>cifar-10-batches-bin</c>, <c>cifar-100-binary</c>).</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is no whole number of pictures long, or has a label that no class belongs to.</exception>
    public static DataSplits Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (FindFiles(path) is not (string directory, Version version))
        {
            throw new FileNotFoundException(
                $"'{path}': expected {string.Join(", or ", Versions.Select(each => $"the files {string.Join(", ", each.Files)} of {each.Name}"))}, found none of them. Fetch the binary version, or check the path.");
        }
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return version.Load(directory, name.Length > 0 ? name : version.Name);
    }

    /// <summary>Whether <paramref name="path"/> holds at least one file of either set.</summary>
    internal static bool IsOne(string path) => Directory.Exists(path) && FindFiles(path) is not null;

    /// <summary>The set that is called <paramref name="name"/>, in any case of letters; null where none is.</summary>
    internal static CifarSource? Find(string name) => Known.FirstOrDefault(source => source.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static (string Directory, Version Version)? FindFiles(string path)
    {
        foreach (Version version in Versions)
        {
            foreach (string directory in (string[])[path, Path.Combine(path, version.ArchiveFolder)])
            {
                if (version.Files.Any(file => File.Exists(Path.Combine(directory, file))))
                    return (directory, version);
            }
        }
        return null;
    }

    private sealed record Version(string Name, string ArchiveFolder, ImmutableArray<string> TrainingFiles, string TestFile, string NamesFile, int LabelBytes)
    {
        public IEnumerable<string> Files => [.. TrainingFiles, TestFile, NamesFile];

        private int RecordLength => LabelBytes + ImageLength;

        public DataSplits Load(string directory, string name)
        {
            string[] missing = [.. Files.Where(file => !File.Exists(Path.Combine(directory, file)))];
            if (missing.Length > 0)
                throw new FileNotFoundException($"'{directory}': expected the files {string.Join(", ", Files)} of {Name}, found no {string.Join(", ", missing)}. Unpack the archive again.");
            ImmutableArray<string> classes = [.. File.ReadAllLines(Path.Combine(directory, NamesFile)).Select(line => line.Trim()).Where(line => line.Length > 0)];
            LabeledImages training = Read(directory, TrainingFiles, $"{name}/training", classes);
            LabeledImages test = Read(directory, [TestFile], $"{name}/test", classes);
            int held = training.Count / ValidationDivisor;
            return new DataSplits(
                name, training.Slice(0, training.Count - held, training.Name), training.Slice(training.Count - held, held, $"{name}/validation"), test);
        }

        private LabeledImages Read(string directory, ImmutableArray<string> files, string name, ImmutableArray<string> classes)
        {
            FileInfo[] infos = [.. files.Select(file => new FileInfo(Path.Combine(directory, file)))];
            foreach (FileInfo info in infos)
            {
                if (info.Length == 0 || info.Length % RecordLength != 0)
                {
                    throw new InvalidDataException(
                        $"'{info.FullName}': expected pictures of {RecordLength} bytes each, found {info.Length} bytes, which is no whole number of them. The file is cut off or damaged: unpack the archive again.");
                }
            }
            int count = checked((int)infos.Sum(info => info.Length / RecordLength));
            byte[] pixels = new byte[checked(count * ImageLength)];
            int[] labels = new int[count];
            byte[] record = new byte[RecordLength];
            int index = 0;
            foreach (FileInfo info in infos)
            {
                using FileStream file = new(info.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
                for (int i = 0; i < info.Length / RecordLength; i++, index++)
                {
                    file.ReadExactly(record);
                    int label = record[LabelBytes - 1];
                    if (label >= classes.Length)
                    {
                        throw new InvalidDataException(
                            $"'{info.FullName}': picture {i} (byte {((long)i * RecordLength) + LabelBytes - 1}): expected a label from 0 to {classes.Length - 1} ({classes.Length} names in '{NamesFile}'), found {label}. Put the files of one set there.");
                    }
                    labels[index] = label;
                    Interleave(record.AsSpan(LabelBytes), pixels.AsSpan(index * ImageLength, ImageLength));
                }
            }
            return new LabeledImages(name, Side, Side, Channels, pixels, labels, classes);
        }

        private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
        {
            const int Plane = Side * Side;
            for (int i = 0; i < Plane; i++)
            {
                for (int channel = 0; channel < Channels; channel++)
                    pixels[(i * Channels) + channel] = planes[(channel * Plane) + i];
            }
        }
    }
}
