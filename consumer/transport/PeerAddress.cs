using System.Buffers.Binary;
using System.Net;

namespace TradeProcessor.Consumer.Transport;

/// <summary>The peer's struct sockaddr_in or sockaddr_in6, without the object.</summary>
internal readonly struct PeerAddress
{
    /// <summary>Of the longer of the two.</summary>
    public const int MaxBytes = 28;

    private const int V6Family = 10;
    private const int PortAt = 2;
    private const int V4At = 4;
    private const int V6At = 8;

    private readonly UInt128 _address;
    private readonly ushort _port;
    private readonly bool _isV6;

    private PeerAddress(UInt128 address, ushort port, bool isV6) =>
        (_address, _port, _isV6) = (address, port, isV6);

    public static PeerAddress Read(ReadOnlySpan<byte> address)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[PortAt..]);
        return BitConverter.ToUInt16(address) == V6Family
            ? new PeerAddress(BinaryPrimitives.ReadUInt128BigEndian(address[V6At..]), port, true)
            : new PeerAddress(BinaryPrimitives.ReadUInt32BigEndian(address[V4At..]), port, false);
    }

    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
        return new IPEndPoint(new IPAddress(_isV6 ? bytes : bytes[12..]), _port);
    }
}
