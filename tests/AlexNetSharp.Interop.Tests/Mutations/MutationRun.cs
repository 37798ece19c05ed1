using System.Diagnostics;
using System.Globalization;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Tests.Mutations;

/// <summary>
/// Puts broken files through a reader: each must be read, or refused by one of the documented exceptions in one line, in time and in bounded memory.
/// </summary>
/// <remarks>A file that fails is kept in the temporary folder under the name in the message; its place is then <c>Regressions/(reader)</c>.</remarks>
internal sealed class MutationRun
{
    /// <summary>How much more than a file's own length a reader may take.</summary>
    public const long Allowance = 256L << 20;

    private const long Large = 16L << 20;

    // In the suite machines may be busy: only what never ends is told there. The long run asks for the two seconds.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2), _limit = TimeSpan.FromSeconds(2);

    private readonly string _reader;
    private readonly Action<string> _read;

    /// <param name="reader">What messages and files call the reader.</param>
    /// <param name="read">Reads the file at a path.</param>
    public MutationRun(string reader, Action<string> read) => (_reader, _read) = (reader, read);

    /// <summary>Files a reader: some hundred, or what <c>ALEXNET_MUTATIONS</c> says.</summary>
    public static int Count { get; } = Setting("ALEXNET_MUTATIONS", 400);

    private static int Seed { get; } = Setting("ALEXNET_MUTATIONS_SEED", 1);

    private static bool IsLong => Environment.GetEnvironmentVariable("ALEXNET_MUTATIONS") is not null;

    /// <summary>Reads <see cref="Count"/> mutations of good files.</summary>
    /// <returns>What happened, in a line.</returns>
    public string Run(byte[][] seeds)
    {
        using TemporaryDirectory directory = new();
        string path = directory.File("mutated");
        foreach (byte[] good in seeds)
        {
            File.WriteAllBytes(path, good);
            _read(path);
        }
        Mutator mutator = new(seeds, Seed);
        int refused = 0;
        double slowest = 0;
        long most = 0, peak = PeakBytes(), largest = seeds.Max(good => good.Length);
        Stopwatch whole = Stopwatch.StartNew();
        for (int i = 0; i < Count; i++)
        {
            byte[] bytes = mutator.Make(i);
            largest = Math.Max(largest, bytes.Length);
            File.WriteAllBytes(path, bytes);
            (bool wasRefused, double seconds, long allocated) = Read(path, bytes, $"seed {Seed}, file {i}");
            refused += wasRefused ? 1 : 0;
            slowest = Math.Max(slowest, seconds);
            most = Math.Max(most, allocated - bytes.Length);
        }
        long grown = PeakBytes() - peak;
        // In the suite other tests run beside this one.
        Assert.True(!IsLong || grown <= largest + Allowance, $"{_reader}: the process's peak memory grew by {grown} bytes over {Count} files of at most {largest} bytes.");
        return $"{_reader}: {Count} files, seed {Seed}: {refused} refused, {Count - refused} read, no other end; slowest {slowest * 1000:F0} ms; a file's allocations at most its length + {most / 1e6:F1} MB; peak memory of the process +{grown / 1e6:F0} MB; {whole.Elapsed.TotalSeconds:F0} s";
    }

    /// <summary>Reads files that once failed.</summary>
    public void RunRegressions()
    {
        string folder = Repository.File("tests", "AlexNetSharp.Interop.Tests", "Mutations", "Regressions", _reader);
        if (!Directory.Exists(folder))
            return;
        foreach (string path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
            Read(path, File.ReadAllBytes(path), Path.GetFileName(path));
    }

    private (bool Refused, double Seconds, long Allocated) Read(string path, byte[] bytes, string what)
    {
        bool refused = false;
        long before = 0, allocated = 0;
        Exception? failure = null;
        Stopwatch watch = Stopwatch.StartNew();
        Thread thread = new(() =>
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _read(path);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException ? IsOneLine(e.Message) : e is InvalidModelException)
            {
                refused = true;
            }
            catch (Exception e)
            {
                failure = e;
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(_patience))
            Fail(bytes, $"{what} was not read within {_patience.TotalSeconds} s");
        if (failure is not null)
            Fail(bytes, $"{what} ended with {failure}");
        if (IsLong && watch.Elapsed > _limit)
            Fail(bytes, $"{what} took {watch.Elapsed.TotalSeconds:F1} s; {_limit.TotalSeconds} s are allowed");
        if (allocated > bytes.Length + Allowance)
            Fail(bytes, $"{what} of {bytes.Length} bytes made the reader allocate {allocated} bytes; its length and {Allowance} are allowed");
        // What one file took is not to be counted with the next one's.
        if (allocated > Large)
            GC.Collect();
        return (refused, watch.Elapsed.TotalSeconds, allocated);
    }

    private static bool IsOneLine(string message) => message.Length > 0 && !message.Contains('\n', StringComparison.Ordinal);

    private void Fail(byte[] bytes, string problem)
    {
        string kept = Path.Combine(Path.GetTempPath(), $"alexnet-mutation-{_reader}-{Guid.NewGuid():N}.bin");
        File.WriteAllBytes(kept, bytes);
        Assert.Fail($"{_reader}: {problem}. The file is kept as {kept}.");
    }

    // What the process has taken at most so far: native memory, which the decoders and the weights take, counts too.
    private static long PeakBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : fallback;
}
