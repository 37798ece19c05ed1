using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace AlexNetSharp.Server;

/// <summary>So many requests a second for each client's address.</summary>
internal static class RateLimit
{
    private const int BurstSeconds = 10;
    private const int RefillsPerSecond = 10;

    public static void Configure(RateLimiterOptions limiter, int requestsPerSecond)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(context =>
            context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null
                ? RateLimitPartition.GetNoLimiter(IPAddress.None)
                : RateLimitPartition.GetTokenBucketLimiter(context.Connection.RemoteIpAddress ?? IPAddress.Any, _ => Bucket(requestsPerSecond)));
        limiter.OnRejected = (rejected, _) =>
        {
            double seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? Math.Ceiling(wait.TotalSeconds) : 1;
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, seconds).ToString(CultureInfo.InvariantCulture);
            throw new RequestException(StatusCodes.Status429TooManyRequests, "rate", $"More than {requestsPerSecond} requests a second; try again later.");
        };
    }

    // Refilled in tenths of a second where that is a whole number of requests.
    private static TokenBucketRateLimiterOptions Bucket(int requestsPerSecond)
    {
        int refills = requestsPerSecond % RefillsPerSecond == 0 ? RefillsPerSecond : 1;
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = requestsPerSecond * BurstSeconds,
            TokensPerPeriod = requestsPerSecond / refills,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / refills),
            AutoReplenishment = true,
        };
    }
}
