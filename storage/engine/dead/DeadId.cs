using System.Globalization;

namespace TradeProcessor.Storage.Engine.Dead;

/// <summary>Name of a dead frame: shard and position, <c>3-1027</c>.</summary>
internal readonly record struct DeadId(int Shard, long Position)
{
    public static string Of(int shard, long position) =>
        string.Create(CultureInfo.InvariantCulture, $"{shard}-{position}");

    public static DeadId? TryParse(string text)
    {
        var parts = text.Split('-');
        return parts.Length == 2
            && int.TryParse(
                parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            && long.TryParse(
                parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new DeadId(shard, position)
            : null;
    }
}
