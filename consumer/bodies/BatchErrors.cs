using System.Text;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Bodies;

/// <summary>One error of a batch.</summary>
/// <param name="Index">Of the trade in the body, from 0.</param>
internal readonly record struct BatchError(int Index, TradeField Field, RejectCode Code);

/// <summary>
/// What became of the trades of a body. Keeps the first errors and the first refused trades, and
/// counts the rest: a body of 8 MiB can hold 2.7 million times <c>{}</c>, which must not become
/// that many objects. Can be used again after <see cref="Reset"/>.
/// </summary>
internal sealed class BatchErrors
{
    /// <summary>Errors that are listed, and refused trades whose text is kept.</summary>
    public const int MaxKept = 100;

    private readonly List<BatchError> _errors = [];
    private readonly List<(FieldError[] Errors, string Body)> _rejects = [];
    private readonly long[] _byCode = new long[RejectCodes.Count];

    public int Accepted { get; private set; }

    public int Rejected { get; private set; }

    /// <summary>The first 100, by index and then by field.</summary>
    public IReadOnlyList<BatchError> Errors => _errors;

    /// <summary>Refused trades whose text is kept; the others are only counted.</summary>
    public int Kept => _rejects.Count;

    /// <summary>Refused trades with this code, kept or not.</summary>
    public long CountOf(RejectCode code) => _byCode[(int)code];

    /// <summary>What the reject log is told.</summary>
    /// <param name="at">When the body was received.</param>
    public RejectBatch ToRejects(DateTime at)
    {
        var byCode = new List<KeyValuePair<string, long>>();
        for (var code = RejectCode.Required; (int)code < RejectCodes.Count; code++)
        {
            if (CountOf(code) > 0)
                byCode.Add(KeyValuePair.Create(code.WireName(), CountOf(code)));
        }
        return new RejectBatch(
            Rejected,
            byCode,
            [.. _rejects.Select(reject => new Reject(at, reject.Errors, reject.Body))]);
    }

    public void Reset()
    {
        Accepted = Rejected = 0;
        _errors.Clear();
        _rejects.Clear();
        Array.Clear(_byCode);
    }

    internal void Accept(int trades = 1) => Accepted += trades;

    /// <summary>A trade with errors in its fields.</summary>
    /// <param name="text">Of the trade, or its beginning.</param>
    internal void Reject(in TradeErrors errors, ReadOnlySpan<byte> text)
    {
        var index = Accepted + Rejected++;
        for (var field = TradeField.UserId; field < TradeField.Whole; field++)
        {
            if (errors[field] != RejectCode.None)
                Add(index, field, errors[field]);
        }
        CountOnce(errors);
        if (_rejects.Count < MaxKept)
            _rejects.Add((errors.ToFieldErrors(), Beginning(text)));
    }

    /// <summary>A trade that is refused as a whole.</summary>
    /// <inheritdoc cref="Reject(in TradeErrors, ReadOnlySpan{byte})"/>
    internal void Reject(RejectCode code, ReadOnlySpan<byte> text)
    {
        Add(Accepted + Rejected++, TradeField.Whole, code);
        _byCode[(int)code]++;
        if (_rejects.Count < MaxKept)
        {
            _rejects.Add((
                [new FieldError(TradeField.Whole.WireName(), code.WireName())], Beginning(text)));
        }
    }

    private void Add(int index, TradeField field, RejectCode code)
    {
        if (_errors.Count < MaxKept)
            _errors.Add(new BatchError(index, field, code));
    }

    // A trade counts once for each of its codes, however many fields have it.
    private void CountOnce(in TradeErrors errors)
    {
        var seen = 0u;
        for (var field = TradeField.UserId; field < TradeField.Whole; field++)
        {
            var bit = 1u << (int)errors[field];
            if (errors[field] != RejectCode.None && (seen & bit) == 0)
                _byCode[(int)errors[field]]++;
            seen |= bit;
        }
    }

    // At most 512 bytes, cut between characters.
    private static string Beginning(ReadOnlySpan<byte> text)
    {
        const int MaxContinuation = 3;
        if (text.Length > Contracts.Reject.MaxBodyBytes)
        {
            var end = Contracts.Reject.MaxBodyBytes;
            while (end > Contracts.Reject.MaxBodyBytes - MaxContinuation && (text[end] & 0xC0) == 0x80)
                end--;
            text = text[..end];
        }
        return Encoding.UTF8.GetString(text);
    }
}
