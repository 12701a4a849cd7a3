using System.Buffers;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Cells;

/// <summary>
/// The cells of one interval, packed and never changed again: sorted by key, about 40 bytes each
/// where the open form takes 200. Snapshots hold these bytes as they are.
/// </summary>
internal sealed class CellBlock
{
    // Pair and country as varints, then the aggregate.
    private const int MaxCellBytes = 3 * 10 + AggregateCodec.MaxBytes;

    // What is less than this part of the block is kept beside it: together half of its bytes.
    private const int ProjectionPart = 4;

    private readonly byte[] _packed;
    private CellBlock? _byPair;
    private CellBlock? _byCountry;

    private CellBlock(long startTicks, int count, Aggregate total, byte[] packed)
    {
        StartTicks = startTicks;
        Count = count;
        Total = total;
        _packed = packed;
    }

    public long StartTicks { get; }

    public int Count { get; }

    /// <summary>All cells merged.</summary>
    public Aggregate Total { get; }

    public ReadOnlyMemory<byte> Packed => _packed;

    public static CellBlock Pack(long startTicks, ReadOnlySpan<Cell> cells)
    {
        // Rented: a second's cells would leave large objects behind, each second anew.
        var order = ArrayPool<(CellKey Key, int Place)>.Shared.Rent(cells.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(cells.Length * MaxCellBytes);
        for (var place = 0; place < cells.Length; place++)
            order[place] = (cells[place].Key, place);
        // The cells themselves stay where they are: moving 176 bytes each takes longer than this.
        var sorted = order.AsSpan(0, cells.Length);
        sorted.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        var written = 0;
        var total = default(Aggregate);
        foreach (var (key, place) in sorted)
        {
            ref readonly var value = ref cells[place].Value;
            var writer = new VarintWriter(buffer.AsSpan(written));
            writer.Write(key.Pair.From.Packed);
            writer.Write(key.Pair.To.Packed);
            writer.Write(key.Country.Packed);
            written += writer.Written;
            written += AggregateCodec.Write(buffer.AsSpan(written), value, startTicks);
            total.Merge(value);
        }
        var block = new CellBlock(
            startTicks, cells.Length, total, buffer.AsSpan(0, written).ToArray());
        ArrayPool<byte>.Shared.Return(buffer);
        ArrayPool<(CellKey, int)>.Shared.Return(order);
        return block;
    }

    /// <summary>Takes packed bytes, as they stand in a snapshot.</summary>
    /// <exception cref="InvalidDataException">The bytes are no cells.</exception>
    public static CellBlock FromPacked(long startTicks, int count, byte[] packed)
    {
        var total = default(Aggregate);
        var block = new CellBlock(startTicks, count, total, packed);
        var reader = block.Read();
        while (reader.MoveNext(out var cell))
            total.Merge(cell.Value);
        return new CellBlock(startTicks, count, total, packed);
    }

    /// <summary>Cells of which nothing is known but what they are together.</summary>
    public static CellBlock OfTotal(long startTicks, in Aggregate total) =>
        new(startTicks, 0, total, []);

    /// <summary>
    /// The cells with what is not in the grouping merged away, or all of them where that would
    /// not be much less. Worked out once: a closed interval does not change.
    /// </summary>
    public CellBlock By(Grouping dimensions) => dimensions switch
    {
        Grouping.Pair => _byPair ??= Project(static key => key with { Country = default }),
        Grouping.Country => _byCountry ??= Project(static key => key with { Pair = default }),
        _ => this,
    };

    public Reader Read() => new(this);

    public List<Cell> ToList()
    {
        var cells = new List<Cell>(Count);
        var reader = Read();
        while (reader.MoveNext(out var cell))
            cells.Add(cell);
        return cells;
    }

    private CellBlock Project(Func<CellKey, CellKey> keyOf)
    {
        var merged = new CellTable();
        var reader = Read();
        while (reader.MoveNext(out var cell))
            merged[merged.FindOrAdd(keyOf(cell.Key))].Merge(cell.Value);
        return merged.Count * ProjectionPart > Count ? this : Pack(StartTicks, merged.Cells);
    }

    /// <summary>Walks the cells in the order of their keys.</summary>
    public ref struct Reader(CellBlock block)
    {
        private readonly long _baseTicks = block.StartTicks;
        private int _left = block.Count;
        private ReadOnlySpan<byte> _rest = block._packed;

        public bool MoveNext(out Cell cell)
        {
            cell = default;
            if (_left-- == 0)
                return _rest.IsEmpty ? false : throw new InvalidDataException("Bytes are left over.");
            var from = new AssetCode((uint)Varint.Read(ref _rest));
            var to = new AssetCode((uint)Varint.Read(ref _rest));
            var country = new CountryCode((ushort)Varint.Read(ref _rest));
            cell.Key = new CellKey(new CurrencyPair(from, to), country);
            cell.Value = AggregateCodec.Read(ref _rest, _baseTicks);
            return true;
        }
    }
}
