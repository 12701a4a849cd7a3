namespace TradeProcessor.Load.Crowd;

/// <summary>
/// What a connection needs while it connects or waits for an answer, and only then. Reused: there
/// are as many as were ever under way at once.
/// </summary>
/// <param name="index">Among all of them.</param>
internal sealed class Flight(int index)
{
    private const int UsualAnswerBytes = 512;

    public byte[] Received = new byte[UsualAnswerBytes];

    public int Index => index;

    public int Length { get; set; }

    /// <summary>For a kernel that reads it while other things happen.</summary>
    public byte[]? Request { get; set; }

    /// <summary>The kernel still reads <see cref="Request"/>.</summary>
    public bool IsSending { get; set; }

    public int Connection { get; set; }

    public bool IsConnecting { get; set; }

    /// <summary>The POST with which the connection is opened, not one over an open one.</summary>
    public bool IsFirst { get; set; }

    /// <summary>Stopwatch ticks from which the answer's time counts: the intended send.</summary>
    public long Since { get; set; }

    public Span<byte> Free
    {
        get
        {
            if (Length == Received.Length)
                Array.Resize(ref Received, Length * 2);
            return Received.AsSpan(Length);
        }
    }
}
