using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Load.Epoll;

/// <summary>A non-blocking IPv4 connection that is nothing but its number.</summary>
internal static unsafe class RawSocket
{
    private const int AddressBytes = 16;

    /// <summary>Begins to connect; whether it did is told by the first event.</summary>
    /// <param name="source">Local address; null leaves the choice to the system.</param>
    /// <returns>The socket; -1 where the system refused at once.</returns>
    /// <exception cref="Win32Exception">No more files may be opened.</exception>
    public static int Open(IPEndPoint target, IPAddress? source)
    {
        var socket = Libc.NewSocket();
        if (socket < 0)
            throw new Win32Exception(Libc.LastError);
        var one = 1;
        _ = Libc.SetOption(socket, Libc.SolTcp, Libc.NoDelay, &one, sizeof(int));
        if (source is not null)
        {
            _ = Libc.SetOption(socket, Libc.SolIp, Libc.BindAddressNoPort, &one, sizeof(int));
            fixed (byte* address = Bytes(new IPEndPoint(source, 0)))
            {
                if (Libc.Bind(socket, address, AddressBytes) < 0)
                    return Abandon(socket);
            }
        }
        fixed (byte* address = Bytes(target))
        {
            return Libc.Connect(socket, address, AddressBytes) == 0
                || Libc.LastError == Libc.InProgress
                    ? socket
                    : Abandon(socket);
        }
    }

    /// <summary>Whether the connect that has ended was a success.</summary>
    public static bool IsConnected(int socket)
    {
        int error, length = sizeof(int);
        return Libc.GetOption(socket, Libc.SolSocket, Libc.SoError, &error, &length) == 0
            && error == 0;
    }

    private static int Abandon(int socket)
    {
        _ = Libc.Close(socket);
        return -1;
    }

    private static byte[] Bytes(IPEndPoint endpoint)
    {
        var address = endpoint.Serialize();
        return address.Family == AddressFamily.InterNetwork
            ? address.Buffer[..AddressBytes].ToArray()
            : throw new NotSupportedException("Held connections are of IPv4.");
    }
}
