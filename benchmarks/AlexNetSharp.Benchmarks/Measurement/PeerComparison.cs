using AlexNetSharp.Benchmarks.Engines;
using AlexNetSharp.Benchmarks.Reporting;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using static TorchSharp.torch;

namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>This engine and its peers on one workload: made to compute the same, checked, then measured in turns.</summary>
internal sealed class PeerComparison : IDisposable
{
    private const string OnnxRuntime = "ONNX Runtime";
    private const string Libtorch = "libtorch";
    private const string LeftOut = " without LRN";

    private readonly Workload _workload;
    private readonly ThreadTeam _team;
    private readonly Network _network;
    private readonly Network _withoutLrn;
    private readonly float[] _pixels;
    private readonly float[] _pixelsForPeers;
    private readonly List<IEngine> _engines = [];

    /// <summary>Draws the network, gives it to every engine and compares what they make of the same pictures.</summary>
    /// <exception cref="InvalidDataException">A peer computes another function.</exception>
    public PeerComparison(Workload workload, int threads, PeerSelection selection)
    {
        _workload = workload;
        _team = new ThreadTeam(threads);
        ModelSpec spec = ModelCatalog.Create(workload.Model);
        _network = SampleNetwork.Draw(spec);
        _withoutLrn = SampleNetwork.Draw(SampleNetwork.WithoutLrn(spec));
        _pixels = SampleNetwork.Pixels(spec.Input, workload.Batch);
        _pixelsForPeers = SampleNetwork.ChannelsFirst(_pixels, spec.Input);
        bool hasLrn = _withoutLrn.Spec.Layers.Length != spec.Layers.Length, leavesLrnOut = selection.WithoutLrn && hasLrn;
        if (workload.Mode == WorkloadMode.Train)
        {
            _engines.Add(new OwnTraining(_network, workload.Batch, workload.Optimizer, _team));
            if (selection.Libtorch)
                AddLibtorchTraining(threads, withLrn: !leavesLrnOut, withoutLrn: hasLrn);
        }
        else
        {
            _engines.Add(new OwnInference(_network, _pixels, workload.Batch, _team));
            AddInferencePeers(threads, selection.Libtorch, leavesLrnOut);
        }
    }

    /// <summary>Measures all engines, and what the machine could do at best.</summary>
    public WorkloadResult Measure(Pace pace, CancellationToken cancellationToken)
    {
        using Roofline roofline = new(_team);
        double[][] seconds = InterleavedRounds.Measure(_engines, pace, roofline.MeasureRound, cancellationToken);
        return WorkloadResult.Of(_workload, _network, _team.ThreadCount, [.. _engines.Select(engine => engine.Name)], seconds, roofline);
    }

    /// <summary>Frees all engines.</summary>
    public void Dispose()
    {
        foreach (IEngine engine in _engines)
            engine.Dispose();
        _withoutLrn.Dispose();
        _network.Dispose();
        _team.Dispose();
    }

    private void AddInferencePeers(int threads, bool libtorch, bool leavesLrnOut)
    {
        (Network network, string suffix) = leavesLrnOut ? (_withoutLrn, LeftOut) : (_network, "");
        Add(new OnnxRuntimeInference(OnnxRuntime + suffix, network, _pixelsForPeers, _workload.Batch, threads), network);
        if (!libtorch)
            return;
        set_num_threads(threads);
        Add(new LibtorchInference(Libtorch + suffix, network, _pixelsForPeers, _workload.Batch), network);
    }

    // Dropout and the update leave nothing to compare with: the forward pass of the same module is checked in their stead.
    private void AddLibtorchTraining(int threads, bool withLrn, bool withoutLrn)
    {
        set_num_threads(threads);
        foreach ((Network network, string name, bool wanted) in new[] { (_network, Libtorch, withLrn), (_withoutLrn, Libtorch + LeftOut, withoutLrn) })
        {
            if (!wanted)
                continue;
            using (LibtorchInference inference = new(name, network, _pixelsForPeers, _workload.Batch))
                Agreement.Require(network, _pixels, _workload.Batch, inference, _team);
            _engines.Add(new LibtorchTraining(name, network, _pixelsForPeers, _workload));
        }
    }

    private void Add(IInferenceEngine peer, Network network)
    {
        _engines.Add(peer);
        Agreement.Require(network, _pixels, _workload.Batch, peer, _team);
    }
}
