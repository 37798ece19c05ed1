namespace AlexNetSharp.Server.Tests;

/// <summary>Holds the engine's threads, from a thread of its own, until disposed of.</summary>
internal sealed class EngineBlock : IDisposable
{
    private readonly ManualResetEventSlim _release = new(), _held = new();
    private readonly Thread _thread;

    public EngineBlock(EngineTeam team)
    {
        _thread = new Thread(() =>
        {
            lock (team.Lock)
            {
                _held.Set();
                _release.Wait();
            }
        });
        _thread.Start();
        _held.Wait();
    }

    public void Dispose()
    {
        _release.Set();
        _thread.Join();
        _release.Dispose();
        _held.Dispose();
    }
}
