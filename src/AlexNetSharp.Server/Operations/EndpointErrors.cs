using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AlexNetSharp.Server;

/// <summary>Says in the OpenAPI document which errors an endpoint answers with.</summary>
internal static class EndpointErrors
{
    public static RouteHandlerBuilder ProducesError(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
            endpoint.Produces<ErrorBody>(status);
        return endpoint;
    }
}
