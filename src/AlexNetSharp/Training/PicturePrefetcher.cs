using System.Runtime.ExceptionServices;
using AlexNetSharp.Images;

namespace AlexNetSharp.Training;

/// <summary>Reads a set's pictures ahead in a given order, on threads of its own, so that whoever trains need not wait for files and decoders.</summary>
/// <remarks>
/// What is read ahead is bounded in pictures and in bytes. Of sets that are in memory nothing is read ahead, and there are no threads.
/// What a set throws that is no matter of one broken picture comes out of <see cref="Next"/>. Call it from one thread.
/// </remarks>
public sealed class PicturePrefetcher : IDisposable
{
    private const int MaximalPictures = 256;
    private const long MaximalBytes = 64L << 20;

    // Threads that have filled all there is room for sleep until a quarter of it is free: waking one for every picture costs as much as a small one.
    private const int PicturesToWakeAt = MaximalPictures / 4 * 3;
    private const long BytesToWakeAt = MaximalBytes / 4 * 3;

    private readonly ImageSet _images;
    private readonly Lock _gate = new();
    private readonly Thread[] _threads = [];
    private readonly SemaphoreSlim _work = new(0);
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Slot?[] _slots = new Slot?[MaximalPictures];
    private ReadOnlyMemory<int> _order;
    private int _claimed;
    private int _taken;
    private int _round;
    private long _bytes;
    private bool _isDisposed;

    /// <summary>A prefetcher without an order yet.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="threads">Threads that read; 0 for half of the processors, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    public PicturePrefetcher(ImageSet images, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _images = images;
        if (images.IsInMemory)
            return;
        _threads = [.. Enumerable.Range(0, threads == 0 ? Math.Max(1, Environment.ProcessorCount / 2) : threads)
            .Select(i => new Thread(Work) { IsBackground = true, Name = $"pictures {i}" })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>Begins to read in an order; what was left of an order before it is forgotten.</summary>
    /// <param name="order">Places in the set; must not change until all have been taken.</param>
    public void Begin(ReadOnlyMemory<int> order)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        lock (_gate)
        {
            _round++;
            _order = order;
            _claimed = _taken = 0;
            _bytes = 0;
            Array.Clear(_slots);
        }
        Wake();
    }

    /// <summary>The next picture of the order; waits until it has been read.</summary>
    /// <exception cref="InvalidOperationException">All of the order have been taken.</exception>
    public PrefetchedPicture Next()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_taken >= _order.Length)
            throw new InvalidOperationException($"All {_order.Length} pictures of the order have been taken; begin another.");
        if (_threads.Length == 0)
            return Read(_order.Span[_taken++]);
        Slot slot;
        while (!TryTake(out slot))
            _arrived.Wait();
        slot.Failure?.Throw();
        return slot.Picture;
    }

    /// <summary>Ends the threads; waits for the pictures that are being read.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }
        Wake();
        foreach (Thread thread in _threads)
            thread.Join();
        _work.Dispose();
        _arrived.Dispose();
    }

    private bool TryTake(out Slot slot)
    {
        bool wakes;
        lock (_gate)
        {
            ref Slot? next = ref _slots[_taken % MaximalPictures];
            slot = next.GetValueOrDefault();
            if (next is null)
                return false;
            next = null;
            _taken++;
            _bytes -= slot.Picture.Image.Pixels.Length;
            int ahead = _claimed - _taken;
            wakes = _claimed < _order.Length && ((ahead <= PicturesToWakeAt && _bytes <= BytesToWakeAt) || ahead == 0);
        }
        if (wakes)
            Wake();
        return true;
    }

    // Every thread looks for itself whether there is something to do; a wake-up too many costs a look.
    private void Wake()
    {
        if (_threads.Length > 0 && _work.CurrentCount < _threads.Length)
            _work.Release(_threads.Length);
    }

    private void Work()
    {
        while (true)
        {
            int place = -1, round, index = 0;
            lock (_gate)
            {
                if (_isDisposed)
                    return;
                round = _round;
                bool hasRoom = _claimed - _taken < MaximalPictures && (_bytes < MaximalBytes || _claimed == _taken);
                if (_claimed < _order.Length && hasRoom)
                {
                    place = _claimed++;
                    index = _order.Span[place];
                }
            }
            if (place < 0)
            {
                _work.Wait();
                continue;
            }
            Slot slot = Fill(index);
            lock (_gate)
            {
                if (round == _round)
                {
                    _slots[place % MaximalPictures] = slot;
                    _bytes += slot.Picture.Image.Pixels.Length;
                }
            }
            if (_arrived.CurrentCount == 0)
                _arrived.Release();
        }
    }

    // Nothing may leave a thread of ours but through a slot: it would end the process.
    private Slot Fill(int index)
    {
        try
        {
            return new Slot(Read(index), null);
        }
        catch (Exception e)
        {
            return new Slot(default, ExceptionDispatchInfo.Capture(e));
        }
    }

    private PrefetchedPicture Read(int index)
    {
        try
        {
            return new PrefetchedPicture(index, _images.Read(index), null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new PrefetchedPicture(index, default, e.Message);
        }
    }

    private readonly record struct Slot(PrefetchedPicture Picture, ExceptionDispatchInfo? Failure);
}
