using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlexNetSharp.Server;

/// <summary>Makes and runs servers.</summary>
public static class ServerHost
{
    /// <summary>Makes a server; <c>StartAsync</c> lets it listen, and load its models meanwhile. It reads no configuration but <paramref name="options"/>.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public static WebApplication Create(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        // Neither settings files nor variables of the environment change what was asked for.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "alexnet", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseUrls([.. options.Urls]).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        AddLogging(builder.Logging, options);
        AddServices(builder.Services, options);
        WebApplication app = builder.Build();
        app.UseRouting();
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

    private static void AddLogging(ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (options.JsonLogs)
            logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        else
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.AddRouting();
        services.AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton<EngineTeam>();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<ServerServices>();
        services.AddSingleton<ModelRepository>();
        services.AddSingleton<ModelWatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelWatcher>());
    }
}
