using System.Collections.Immutable;
using System.Globalization;
using AlexNetSharp.Data;
using AlexNetSharp.Runs;
using AlexNetSharp.Runs.Reports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlexNetSharp.Server;

/// <summary>The runs in the server's folder, and the one that the page may have started. Runs that others started there are shown too, but not stopped.</summary>
internal sealed partial class TrainingRuns(ServerOptions options, ILogger<TrainingRuns> logger) : IHostedService, IDisposable
{
    // Looked at with RunList's eyes, this is no run.
    private const string LogFolder = ".logs";

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly string _root = Path.GetFullPath(options.RunsFolder);
    private readonly ImmutableArray<string> _command = options.TrainingCommand.IsDefaultOrEmpty ? TrainingProcess.ThisProgram() : options.TrainingCommand;
    private readonly Lock _gate = new();
    private TrainingProcess? _current;

    /// <summary>Why nothing can be trained from the page; null where it can.</summary>
    public string? Refusal =>
        options.ReadOnly ? "This server is read only (--read-only): runs can be looked at, not started."
        : !options.TrainingAllowed ? "This server can be reached from other machines, and so does not train for whoever comes by. Its owner can allow it with --allow-training."
        : _command.IsDefaultOrEmpty ? "Training is a part of the program alexnet; this server is part of another one."
        : null;

    /// <summary>The data sets that a run can be started with: those known by name that lie on this machine.</summary>
    public static ImmutableArray<string> LocalData() => new DataCatalog().FindLocal();

    /// <summary>All runs, the newest first.</summary>
    public IReadOnlyList<RunJson> List() => Directory.Exists(_root) ? [.. RunList.Find(_root).Select(Describe)] : [];

    /// <summary>A run as it is now.</summary>
    /// <exception cref="RequestException">There is none of that name (404).</exception>
    public RunJson Describe(string name) => Describe(RunSummary.Read(FolderOf(name), name));

    /// <summary>A run's folder.</summary>
    /// <exception cref="RequestException">There is none of that name (404).</exception>
    public string FolderOf(string name)
    {
        string folder = Path.GetFullPath(Path.Combine(_root, name));
        return name.Length > 0 && folder.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(Path.Combine(folder, RunRecord.FileName))
            ? folder
            : throw RequestException.NotFound($"There is no run '{name}' in the server's folder. It may have been deleted.");
    }

    /// <summary>Starts a run, and waits until its folder is there.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="RequestException">It is not allowed (403), another one runs (409), or the request makes no sense (400).</exception>
    /// <exception cref="InvalidDataException">The training ended before it began; the message is its own.</exception>
    public async Task<string> BeginAsync(TrainingRequest request, CancellationToken cancellationToken)
    {
        RequireAllowed();
        IEnumerable<string> arguments = request.ToArguments(LocalData());
        string name;
        TrainingProcess process;
        lock (_gate)
        {
            RequireIdle();
            Directory.CreateDirectory(_root);
            name = request.ChooseName(taken => Path.Exists(Path.Combine(_root, taken)));
            process = Launch(name, [.. arguments, "--out", Path.Combine(_root, name)]);
        }
        LogBegun(name);
        await WaitForRecordAsync(name, process, cancellationToken);
        return name;
    }

    /// <summary>Goes on with a run that was stopped, and waits until it is under way.</summary>
    /// <exception cref="RequestException">It is not allowed (403), there is no such run (404), or another one runs, or it is done (409).</exception>
    /// <exception cref="InvalidDataException">The training ended before it went on; the message is its own.</exception>
    public async Task ResumeAsync(string name, CancellationToken cancellationToken)
    {
        RequireAllowed();
        string folder = FolderOf(name);
        TrainingProcess process;
        lock (_gate)
        {
            RequireIdle();
            if (RunSummary.Read(folder, name) is { State: not (RunState.Interrupted or RunState.Failed) } run)
                throw Conflict($"The run '{name}' is {run.State?.ToString().ToLowerInvariant() ?? "damaged"}; only one that was stopped can go on.");
            process = Launch(name, ["--resume", folder]);
        }
        LogResumed(name);
        while (process.IsAlive && !RunLock.IsHeld(folder))
            await Task.Delay(Glance, cancellationToken);
        ThrowIfFailed(process);
    }

    /// <summary>Tells the run to stop; it ends when its state is saved.</summary>
    /// <exception cref="RequestException">It is not allowed (403), or no run of that name was started here (409).</exception>
    public void Stop(string name)
    {
        RequireAllowed();
        lock (_gate)
        {
            if (Current is not TrainingProcess current || current.Run != name)
                throw Conflict($"The run '{name}' was not started from this page, or has ended; stop it where it was started.");
            current.Stop();
        }
        LogStopping(name);
    }

    /// <summary>Throws where nothing may be trained or changed from the page.</summary>
    /// <exception cref="RequestException">So it is (403).</exception>
    public void RequireAllowed()
    {
        if (Refusal is string refusal)
            throw new RequestException(403, "forbidden", refusal);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A server that goes leaves no run behind: it is stopped, its state saved.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Current is not TrainingProcess current)
            return;
        current.Stop();
        await current.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _current?.Dispose();

    private TrainingProcess? Current => _current is { IsAlive: true } alive ? alive : null;

    private TrainingProcess Launch(string name, string[] arguments)
    {
        _current?.Dispose();
        string threads = options.Threads.ToString(CultureInfo.InvariantCulture);
        string[] all = ["train", .. arguments, .. options.Threads > 0 ? ["--threads", threads] : Array.Empty<string>()];
        return _current = TrainingProcess.Start(name, _command, all, Path.Combine(_root, LogFolder, $"{RunFolder.FileNameOf(name)}.log"));
    }

    private async Task WaitForRecordAsync(string name, TrainingProcess process, CancellationToken cancellationToken)
    {
        string record = Path.Combine(_root, name, RunRecord.FileName);
        while (process.IsAlive && !File.Exists(record))
            await Task.Delay(Glance, cancellationToken);
        if (!File.Exists(record))
            ThrowIfFailed(process, isCertain: true);
    }

    private static void ThrowIfFailed(TrainingProcess process, bool isCertain = false)
    {
        if (process.IsAlive || process.IsStopping)
            return;
        if (process.Complaint is string complaint)
            throw new InvalidDataException($"The training ended at once: {complaint}");
        if (isCertain)
            throw new InvalidDataException("The training ended at once, and did not say why.");
    }

    private void RequireIdle()
    {
        if (Current is TrainingProcess current)
            throw Conflict($"The run '{current.Run}' is under way, and this server trains one at a time. Stop it, or wait for its end.");
    }

    private static RequestException Conflict(string message) => new(409, "conflict", message);

    private RunJson Describe(RunSummary run)
    {
        TrainingProcess? current = Current;
        bool isOurs = current?.Run == run.Name, isAllowed = Refusal is null;
        // The record follows a moment after the process's start, and its end comes a moment after the record.
        RunState? state = isOurs ? RunState.Running : run.State;
        return new RunJson(
            run.Name, state, run.Model, run.Data, run.Recipe, run.Seed, run.EpochsPlanned, run.Steps, run.BestValidationAccuracy, run.TestAccuracy, run.Seconds, run.Started, run.Problem,
            state == RunState.Failed ? ErrorOf(run.Folder) : null,
            IsStopping: isOurs && current!.IsStopping,
            CanStop: isOurs && isAllowed,
            CanResume: isAllowed && current is null && state is RunState.Interrupted or RunState.Failed,
            CanServe: isAllowed && state is RunState.Done or RunState.Interrupted && File.Exists(Path.Combine(run.Folder, RunFolder.ModelName)),
            HasReport: File.Exists(Path.Combine(run.Folder, RunReport.FileName)));
    }

    private static string? ErrorOf(string folder)
    {
        try
        {
            return RunRecord.Read(folder)?.Error;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "Training {Run} begun from the page")]
    private partial void LogBegun(string run);

    [LoggerMessage(LogLevel.Information, "Training {Run} resumed from the page")]
    private partial void LogResumed(string run);

    [LoggerMessage(LogLevel.Information, "Training {Run} is being stopped from the page")]
    private partial void LogStopping(string run);
}
