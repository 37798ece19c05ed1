namespace AlexNetSharp.Server;

/// <summary>What every model of a server shares.</summary>
internal sealed record ServerServices(ServerOptions Options, EngineTeam Team, ServerMetrics Metrics);
