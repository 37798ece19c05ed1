using System.Collections.Immutable;

namespace AlexNetSharp.Data;

/// <summary>What an export came to.</summary>
/// <param name="Pictures">Pictures written.</param>
/// <param name="Problems">Pictures that could not be read and are left out.</param>
/// <param name="Renamed">Classes whose folders could not be called as they are, with their folders.</param>
public sealed record ExportReport(int Pictures, ImmutableArray<DataProblem> Problems, ImmutableArray<RenamedClass> Renamed);
