using System.CommandLine;
using AlexNetSharp.Benchmarks;
using AlexNetSharp.Benchmarks.Commands;

RootCommand root = new("Measures AlexNetSharp: its kernels alone, and the engine beside its peers.")
{
    KernelsCommand.Create(),
    PeersCommand.Create(),
};
return CommandRunner.Run(root, args);
