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
        foreach (var code in Extra.Where(code => !AssetCode.TryParse(code.AsSpan(), out _)))
        {
            yield return new ValidationResult(
                $"'{code}' must be 2 to 6 characters of A–Z and 0–9", [nameof(Extra)]);
        }
    }
}
