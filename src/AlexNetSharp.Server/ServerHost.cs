using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace AlexNetSharp.Server;

/// <summary>Makes and runs servers.</summary>
public static class ServerHost
{
    private const int LargestHeaders = 16 << 10;
    private const int MostHeaders = 64;
    private const int MostConnections = 4096;
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // Beyond what requests may wait: the time of the last batch, and of answers on their way.
    private static readonly TimeSpan ShutdownReserve = TimeSpan.FromSeconds(15);

    /// <summary>Makes a server; <c>StartAsync</c> lets it listen, and load its models meanwhile. It reads no configuration but <paramref name="options"/>.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public static WebApplication Create(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        // Neither settings files nor variables of the environment change what was asked for.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "alexnet", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseUrls([.. options.Urls]).ConfigureKestrel(kestrel => Limit(kestrel, options));
        AddLogging(builder.Logging, options);
        AddServices(builder.Services, options);
        WebApplication app = builder.Build();
        app.UseMiddleware<RequestGuard>();
        app.UseRouting();
        if (options.RequestsPerSecond > 0)
            app.UseRateLimiter();
        if (!options.ApiKeys.IsEmpty)
            app.UseMiddleware<ApiKeyCheck>();
        app.Services.GetRequiredService<ProtocolEndpoints>().Map(app);
        app.Services.GetRequiredService<PredictEndpoint>().Map(app);
        app.MapOpenApi();
        app.MapPrometheusScrapingEndpoint();
        app.MapPage();
        return app;
    }

    /// <summary>Runs a server until it is told to stop, by SIGTERM, Ctrl+C or <paramref name="cancellationToken"/>, and its requests are answered.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="IOException">An address is in use, or a model cannot be read.</exception>
    /// <exception cref="InvalidDataException">A model's file is broken.</exception>
    public static async Task RunAsync(ServerOptions options, CancellationToken cancellationToken = default)
    {
        await using WebApplication app = Create(options);
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        app.Services.GetRequiredService<ModelWatcher>().ThrowIfFailed();
    }

    private static void Limit(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaximalBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
        kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => LastRequestGrace.ServeAsync(connection, next)));
    }

    private static void AddLogging(ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // It calls it an error when a body that came too slowly is given up and the connection closed, which is what was wanted.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        if (options.JsonLogs)
            logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.AddRouting();
        services.AddOpenApi(document => document.AddDocumentTransformer((described, _, _) =>
        {
            (described.Info.Title, described.Info.Version) = ("AlexNetSharp", ProtocolEndpoints.Version);
            return Task.CompletedTask;
        }));
        services.AddMetrics();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(ServerMetrics.MeterName).AddPrometheusExporter());
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainDelay + options.Deadline + options.BodyTimeout + ShutdownReserve);
        if (options.RequestsPerSecond > 0)
            services.AddRateLimiter(limiter => RateLimit.Configure(limiter, options.RequestsPerSecond));
        services.AddSingleton(options);
        services.AddSingleton<EngineTeam>();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<ServerServices>();
        services.AddSingleton<ModelRepository>();
        services.AddSingleton<MemoryBudget>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<PictureGate>();
        services.AddSingleton<ProtocolEndpoints>();
        services.AddSingleton<PredictEndpoint>();
        services.AddSingleton<ServerState>();
        services.AddSingleton<ModelWatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<ServerState>());
        services.AddHostedService(provider => provider.GetRequiredService<ModelWatcher>());
        services.AddPage();
    }
}
