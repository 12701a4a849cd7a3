using System.Globalization;
using System.Text;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit;

/// <summary>Frames of made-up trades: the same seed, the same bytes.</summary>
internal sealed class SampleFrames(int seed)
{
    private static readonly string[] Codes = ["EUR", "GBP", "USD", "JPY", "CHF", "DEM", "BTC"];
    private static readonly string[] Countries = ["FR", "GB", "US", "JP", "DE", "BR"];

    private readonly Random _random = new(seed);
    private ulong _sequence;

    public static long StartTicks { get; } =
        new DateTime(2026, 1, 31, 23, 59, 58, DateTimeKind.Utc).Ticks;

    public ExactDecimal Decimal(int maxScale)
    {
        var scale = _random.Next(maxScale + 1);
        var mantissa = (ulong)_random.NextInt64(1, 1_000_000_000);
        while (scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }
        return new ExactDecimal(mantissa, (byte)scale);
    }

    public byte[] Record()
    {
        var from = _random.Next(Codes.Length);
        var to = (from + 1 + _random.Next(Codes.Length - 1)) % Codes.Length;
        Assert.True(CountryCode.TryParse(
            Countries[_random.Next(Countries.Length)].AsSpan(), out var country));
        var bytes = new byte[TradeRecord.MaxBytes];
        var userId = _random.Next(1, 1_000_000).ToString(CultureInfo.InvariantCulture);
        var length = TradeRecord.Write(
            bytes,
            AssetCode.Parse(Codes[from]),
            AssetCode.Parse(Codes[to]),
            country,
            Decimal(8),
            Decimal(8),
            Decimal(18),
            StartTicks - _random.NextInt64(TimeSpan.TicksPerDay),
            Encoding.UTF8.GetBytes(userId));
        return bytes[..length];
    }

    public byte[] Frame(int count, long receivedAtTicks)
    {
        var records = Enumerable.Range(0, count).SelectMany(_ => Record()).ToArray();
        var frame = new byte[TradeFrame.HeaderBytes + records.Length];
        records.CopyTo(frame, TradeFrame.HeaderBytes);
        TradeFrame.Seal(frame, count, producerId: 7, ++_sequence, receivedAtTicks);
        return frame;
    }

    /// <summary>A frame that carries the keys of its requests.</summary>
    public byte[] KeyedFrame(int count, long receivedAtTicks, params BoundKey[] keys)
    {
        var records = Enumerable.Range(0, count).SelectMany(_ => Record()).ToArray();
        var keyBytes = keys.Length * BoundKey.Bytes;
        var frame = new byte[TradeFrame.HeaderBytes + records.Length + keyBytes];
        records.CopyTo(frame, TradeFrame.HeaderBytes);
        for (var i = 0; i < keys.Length; i++)
            keys[i].Write(frame.AsSpan(frame.Length - keyBytes + i * BoundKey.Bytes));
        TradeFrame.Seal(frame, count, producerId: 0, 0, receivedAtTicks, keyBytes);
        return frame;
    }

    public BoundKey Key() => new(
        new RequestKey((ulong)_random.NextInt64(), (ulong)_random.NextInt64()),
        new BodyDigest((ulong)_random.NextInt64(), (ulong)_random.NextInt64()));

    /// <summary>A request of made-up trades under a key of its own.</summary>
    public OnceAppend Append(int trades, BoundKey? bound = null) => new(
        bound ?? Key(), Enumerable.Range(0, trades).SelectMany(_ => Record()).ToArray(), trades);

    /// <summary>Frames of 1–20 trades over a few seconds, a minute, an hour and a day.</summary>
    public List<byte[]> Frames(int count)
    {
        var frames = new List<byte[]>();
        var at = StartTicks;
        for (var i = 0; i < count; i++)
        {
            at += _random.NextInt64(TimeSpan.TicksPerSecond / 2);
            frames.Add(Frame(_random.Next(1, 20), at));
        }
        return frames;
    }
}
