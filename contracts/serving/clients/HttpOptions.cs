using System.ComponentModel.DataAnnotations;
using System.Net;

namespace TradeProcessor.Serving;

/// <summary>Section <c>Http</c>: what every program needs to know of the way to its clients.</summary>
public sealed class HttpOptions : IValidatableObject
{
    /// <summary>
    /// Addresses of proxies whose <c>X-Forwarded-…</c> headers are believed. Of a request from one
    /// of them, the client is the last address in <c>X-Forwarded-For</c>, which the proxy has
    /// written itself.
    /// </summary>
    public IList<string> TrustedProxies { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        CheckAddresses(TrustedProxies, nameof(TrustedProxies));

    /// <summary>A failure for each entry that is no IP address.</summary>
    public static IEnumerable<ValidationResult> CheckAddresses(IList<string> addresses, string name)
    {
        for (var i = 0; i < addresses.Count; i++)
        {
            if (!IPAddress.TryParse(addresses[i], out _))
                yield return new ValidationResult("must be an IP address", [$"{name}:{i}"]);
        }
    }
}
