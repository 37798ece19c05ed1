using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AlexNetSharp.Runs;
using Microsoft.Extensions.Hosting;

namespace AlexNetSharp.Server;

/// <summary>
/// Follows a run by its files, whoever writes them: <c>metrics</c> for what it has measured since the last message, <c>run</c> when its state changes, and
/// <c>end</c> when nothing more comes.
/// </summary>
internal sealed class RunEvents(TrainingRuns runs, IHostApplicationLifetime lifetime)
{
    private const int MostFollowers = 32;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    // Proxies close what is silent for long.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    private int _followers;

    /// <summary>Begins to follow a run.</summary>
    /// <exception cref="RequestException">There is no such run (404), or too many are being followed (503).</exception>
    public IAsyncEnumerable<SseItem<string>> Follow(string name, CancellationToken aborted)
    {
        _ = runs.FolderOf(name);
        if (Interlocked.Increment(ref _followers) > MostFollowers)
        {
            Interlocked.Decrement(ref _followers);
            throw RequestException.Overloaded($"{MostFollowers} pages follow runs already; close one.");
        }
        return FollowAsync(name, aborted);
    }

    private async IAsyncEnumerable<SseItem<string>> FollowAsync(string name, [EnumeratorCancellation] CancellationToken aborted)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        try
        {
            RunMetrics sent = new([], [], null);
            string? before = null;
            TimeSpan silence = TimeSpan.Zero;
            bool isFirst = true;
            for (bool isOver = false; !isOver && !ended.IsCancellationRequested;)
            {
                (RunJson? run, RunMetrics? metrics, string? problem) = Look(name);
                isOver = run?.State != RunState.Running;
                List<SseItem<string>> messages = [];
                if (metrics is not null && (isFirst || metrics.Minibatches.Length != sent.Minibatches.Length || metrics.Epochs.Length != sent.Epochs.Length))
                {
                    messages.Add(new SseItem<string>(JsonSerializer.Serialize(News(sent, metrics, isFirst), PageJson.Default.MetricsJson), "metrics"));
                    (sent, isFirst) = (metrics, false);
                }
                if (run is not null && JsonSerializer.Serialize(run, PageJson.Default.RunJson) is string now && now != before)
                    messages.Add(new SseItem<string>(before = now, "run"));
                if (problem is not null)
                    messages.Add(new SseItem<string>(JsonSerializer.Serialize(new ErrorJson(problem), PageJson.Default.ErrorJson), "problem"));
                if (isOver)
                    messages.Add(new SseItem<string>("{}", "end"));
                silence = messages.Count > 0 ? TimeSpan.Zero : silence + Glance;
                if (silence > LongestSilence)
                {
                    messages.Add(new SseItem<string>("{}", "alive"));
                    silence = TimeSpan.Zero;
                }
                foreach (SseItem<string> message in messages)
                    yield return message;
                if (!isOver)
                    await Task.Delay(Glance, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }

    // The state first: what was measured before the end is then read for sure.
    private (RunJson? Run, RunMetrics? Metrics, string? Problem) Look(string name)
    {
        try
        {
            RunJson run = runs.Describe(name);
            return (run, RunMetrics.Read(runs.FolderOf(name)), null);
        }
        catch (Exception e) when (e is RequestException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return (null, null, e.Message);
        }
    }

    // A run that goes on from a state takes its metrics back to that step, and may begin anew.
    private static MetricsJson News(RunMetrics sent, RunMetrics now, bool isFirst)
    {
        bool goesOn = now.Minibatches.AsSpan().StartsWith(sent.Minibatches.AsSpan()) && now.Epochs.AsSpan().StartsWith(sent.Epochs.AsSpan());
        return goesOn
            ? new MetricsJson(isFirst, [.. now.Minibatches.Skip(sent.Minibatches.Length)], [.. now.Epochs.Skip(sent.Epochs.Length)])
            : new MetricsJson(true, now.Minibatches, now.Epochs);
    }
}
