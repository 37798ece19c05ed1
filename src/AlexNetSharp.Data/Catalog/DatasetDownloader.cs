using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace AlexNetSharp.Data;

/// <summary>Downloads data sets: from the first mirror that delivers, going on where an earlier attempt stopped, and checked by SHA-256.</summary>
/// <remarks>
/// A file arrives as <c>NAME.part</c>. It gets its name only after the SHA-256 of its decompressed content has been found
/// right, so a file under its name is whole; one that fails is deleted. A part is continued (Range, with If-Range) only at the
/// address that it came from, and only where the mirror gave a strong ETag or a date to recognise the file by.
/// </remarks>
public sealed class DatasetDownloader
{
    /// <summary>A connection that is cut is taken up again on the same mirror this often, as long as bytes arrive.</summary>
    private const int LargestAttempts = 5;

    /// <summary>What a gzipped file may be longer than its content: headers, and blocks that are stored as they are.</summary>
    private const long GzipAllowance = 1 << 16;

    private static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromSeconds(30);
    private static readonly HttpClient SharedClient = new() { Timeout = Timeout.InfiniteTimeSpan };

    private readonly HttpClient? _client;
    private readonly TimeSpan _stallTimeout;

    /// <summary>A downloader.</summary>
    /// <param name="client">What to send requests with; one for the whole process where it is null.</param>
    /// <param name="stallTimeout">How long a mirror may send nothing before the next one is tried; 30 seconds where it is null.</param>
    public DatasetDownloader(HttpClient? client = null, TimeSpan? stallTimeout = null)
    {
        // The shared client is made when it is first needed: programs that find their data at hand do not pay for it.
        _client = client;
        _stallTimeout = stallTimeout ?? DefaultStallTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_stallTimeout, TimeSpan.Zero, nameof(stallTimeout));
    }

    /// <summary>Downloads the files of <paramref name="source"/> that are not in <paramref name="directory"/> yet.</summary>
    /// <param name="source">The set.</param>
    /// <param name="directory">Where the files go; made where it does not exist.</param>
    /// <param name="progress">Told how each file gets on.</param>
    /// <param name="cancellationToken">Stops the download; what has arrived is kept for the next time.</param>
    /// <exception cref="IOException">No mirror delivered a file (the message has each one's reason), or it could not be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task DownloadAsync(DatasetSource source, string directory, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory.CreateDirectory(directory);
        foreach (DatasetFile file in source.Files)
        {
            string path = Path.Combine(directory, file.Name);
            if (!File.Exists(path))
                await DownloadFileAsync(source, file, path, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DownloadFileAsync(DatasetSource source, DatasetFile file, string path, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        PartFile part = new(path);
        List<string> reasons = [];
        foreach (Uri mirror in source.Mirrors)
        {
            try
            {
                await ReceiveAsync(new Uri(mirror, file.Name), file, part, progress, cancellationToken).ConfigureAwait(false);
                await VerifyAsync(file, part, cancellationToken).ConfigureAwait(false);
                part.Complete();
                return;
            }
            catch (MirrorException e)
            {
                reasons.Add($"{mirror}: {e.Message}");
            }
        }
        throw new IOException(
            $"'{file.Name}' of {source.Name} could not be downloaded ({string.Join("; ", reasons)}). Check the network, "
            + $"or put the files {string.Join(", ", source.Files.Select(each => each.Name))} into '{Path.GetDirectoryName(path)}'.");
    }

    /// <summary>Brings <paramref name="part"/> to its full length from one address, taking up cut connections again.</summary>
    private async Task ReceiveAsync(Uri address, DatasetFile file, PartFile part, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            long before = part.Length;
            try
            {
                if (await TryReceiveAsync(address, file, part, progress, cancellationToken).ConfigureAwait(false))
                    return;
            }
            catch (MirrorException) when (attempt < LargestAttempts && part.Length > before && part.ConditionFor(address) is not null)
            {
                // Cut off, but more has arrived than there was, and the rest can be asked for.
            }
        }
    }

    /// <summary>One request. False where the part turned out to be none of this file: it is gone then, and the next request gets the whole.</summary>
    private async Task<bool> TryReceiveAsync(Uri address, DatasetFile file, PartFile part, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long offset = 0;
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        // Ranges and lengths are to be those of the file, not of an encoding made for the way.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (part.ConditionFor(address) is { } condition)
        {
            offset = part.Length;
            request.Headers.Range = new RangeHeaderValue(offset, null);
            request.Headers.IfRange = condition;
        }

        using HttpResponseMessage response = await FromMirrorAsync(
            () => new ValueTask<HttpResponseMessage>((_client ?? SharedClient).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token)),
            stall, cancellationToken).ConfigureAwait(false);
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when offset > 0 && response.Content.Headers.ContentRange?.From == offset:
                break;
            case HttpStatusCode.OK:
                // The mirror knows no ranges, or has another file by now: this is all of it.
                offset = 0;
                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable when offset > 0 && response.Content.Headers.ContentRange?.Length == offset:
                return true;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable when offset > 0:
                part.Delete();
                return false;
            default:
                throw new MirrorException($"it answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd());
        }

        long? total = offset + response.Content.Headers.ContentLength;
        using FileStream output = offset > 0 ? part.Continue() : part.Restart(address, response);
        using Stream input = await FromMirrorAsync(() => new ValueTask<Stream>(response.Content.ReadAsStreamAsync(stall.Token)), stall, cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[1 << 16];
        for (long received = offset; ;)
        {
            progress?.Report(new DownloadProgress(file.Name, received, total));
            int read = await FromMirrorAsync(() => input.ReadAsync(buffer, stall.Token), stall, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return true;
            received += read;
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            // An endless answer must not fill the disk; the check that follows finds it too long.
            if (received > LargestLength(file))
                return true;
        }
    }

    /// <summary>Waits for the network, not longer than the stall timeout, and makes its failures the mirror's.</summary>
    /// <remarks>The disk's failures must not pass through here: with a full disk the next mirror is no help.</remarks>
    private async Task<T> FromMirrorAsync<T>(Func<ValueTask<T>> operation, CancellationTokenSource stall, CancellationToken cancellationToken)
    {
        stall.CancelAfter(_stallTimeout);
        try
        {
            return await operation().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MirrorException($"it sent nothing for {_stallTimeout.TotalSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new MirrorException(e.Message.TrimEnd('.'));
        }
        finally
        {
            // The time that the disk takes between two reads is not the mirror's.
            stall.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private static async Task VerifyAsync(DatasetFile file, PartFile part, CancellationToken cancellationToken)
    {
        string? fault = await Task.Run(() => FindFault(file, part.Path, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (fault is null)
            return;
        part.Delete();
        throw new MirrorException(fault);
    }

    private static long LargestLength(DatasetFile file) => file.RawLength + GzipAllowance;

    private static string? FindFault(DatasetFile file, string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length > LargestLength(file))
            return $"it sends more than the {LargestLength(file)} bytes that this file can have at most";
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using GzipContent content = GzipContent.Open(path);
        byte[] buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (content.Position > file.RawLength)
                    return $"its content is longer than the expected {file.RawLength} bytes";
                hash.AppendData(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            return "its gzip stream is corrupt";
        }
        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return found == file.Sha256 ? null : $"its content has SHA-256 {found}, expected {file.Sha256}";
    }
}
