using System.ComponentModel.DataAnnotations;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer;

/// <summary>Section <c>Assets</c>.</summary>
public sealed class AssetOptions : IValidatableObject
{
    /// <summary>Codes that are traded beside ISO 4217, for example <c>BTC</c>.</summary>
    public IList<string> Extra { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < Extra.Count; i++)
        {
            if (!AssetCode.TryParse(Extra[i].AsSpan(), out _))
            {
                yield return new ValidationResult(
                    "must be 2 to 6 characters of A–Z and 0–9", [$"{nameof(Extra)}:{i}"]);
            }
        }
    }
}
