namespace TradeProcessor.Load.Files;

/// <summary>Lines of one file that travel in one POST.</summary>
internal sealed class LineBatch(string path)
{
    private readonly List<long> _numbers = [];
    private readonly List<int> _ends = [];
    private byte[] _body = new byte[32 * 1024];

    public string Path => path;

    public int Count => _numbers.Count;

    public ReadOnlyMemory<byte> Body => _body.AsMemory(0, Length);

    private int Length => _ends.Count == 0 ? 0 : _ends[^1];

    public long NumberOf(int index) => _numbers[index];

    public void Add(long number, ReadOnlySpan<byte> json)
    {
        var start = Length;
        var end = start + json.Length + 1;
        if (end > _body.Length)
            Array.Resize(ref _body, Math.Max(end, _body.Length * 2));
        json.CopyTo(_body.AsSpan(start));
        _body[end - 1] = (byte)'\n';
        _numbers.Add(number);
        _ends.Add(end);
    }

    public (LineBatch First, LineBatch Second) Halve()
    {
        var middle = Count / 2;
        return (Part(0, middle), Part(middle, Count));
    }

    private LineBatch Part(int from, int to)
    {
        var part = new LineBatch(path);
        for (var i = from; i < to; i++)
        {
            var start = i == 0 ? 0 : _ends[i - 1];
            part.Add(_numbers[i], _body.AsSpan(start, _ends[i] - start - 1));
        }

        return part;
    }
}
