using AlexNetSharp.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>AlexNet for people's own applications.</summary>
public static class AlexNetServiceCollectionExtensions
{
    /// <summary>Registers an <see cref="IAlexNetPredictor"/> for all requests.</summary>
    /// <remarks>
    /// Options come from the configuration section <see cref="AlexNetServiceOptions.Section"/>, then from <paramref name="configure"/>. They are
    /// checked and the model is read when the application starts; it does not start with a wrong option (<see cref="OptionsValidationException"/>) or a
    /// broken model (<see cref="InvalidDataException"/>, <see cref="AlexNetSharp.Models.InvalidModelException"/>).
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options in code; null for the configuration alone.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddAlexNet(this IServiceCollection services, Action<AlexNetServiceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        OptionsBuilder<AlexNetServiceOptions> options = services.AddOptions<AlexNetServiceOptions>().BindConfiguration(AlexNetServiceOptions.Section);
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AlexNetServiceOptions>, AlexNetServiceOptionsValidation>());
        services.TryAddSingleton<AlexNetPredictor>();
        services.TryAddSingleton<IAlexNetPredictor>(provider => provider.GetRequiredService<AlexNetPredictor>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AlexNetPredictor>(provider => provider.GetRequiredService<AlexNetPredictor>()));
        return services;
    }
}
