using System.Runtime.CompilerServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>
/// The three-letter assets and the countries as bits, so that a code is packed and looked up by
/// the same few multiplications. Longer assets are left to the <see cref="AssetTable"/>.
/// </summary>
internal sealed unsafe class KnownCodes
{
    private const uint Letters = 26;
    private const uint Base = 37;       // of AssetCode, in which A is 1
    private const uint CountryBase = 32;

    private readonly ulong[] _assets = new ulong[(Base * Base * Base + 63) / 64];
    private readonly ulong[] _countries = new ulong[(Letters * CountryBase + 63) / 64];

    public KnownCodes(AssetTable assets)
    {
        Table = assets;
        Span<byte> code = stackalloc byte[3];
        for (var i = 0u; i < Letters * Letters * Letters; i++)
        {
            code[0] = (byte)('A' + i / (Letters * Letters));
            code[1] = (byte)('A' + i / Letters % Letters);
            code[2] = (byte)('A' + i % Letters);
            if (assets.TryFind(code, out var asset))
                _assets[asset.Packed >> 6] |= 1UL << (int)(asset.Packed & 63);
            if (code[0] == 'A' && CountryCode.TryParse(code[1..], out _))
            {
                var bit = (code[1] - 'A') * CountryBase + code[2] - 'A';
                _countries[bit >> 6] |= 1UL << (int)(bit & 63);
            }
        }
    }

    public AssetTable Table { get; }

    /// <summary>The packed asset that three letters are, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Asset(byte* text)
    {
        uint a = text[0] - (uint)'A', b = text[1] - (uint)'A', c = text[2] - (uint)'A';
        if (a >= Letters || b >= Letters || c >= Letters)
            return 0;
        var packed = (a * Base + b) * Base + c + (Base * Base + Base + 1);
        return (_assets[packed >> 6] >> (int)(packed & 63) & 1) != 0 ? packed : 0;
    }

    /// <summary>The packed country that two letters are, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort Country(byte* text)
    {
        uint first = text[0] - (uint)'A', second = text[1] - (uint)'A';
        if (first >= Letters || second >= Letters)
            return 0;
        var bit = first * CountryBase + second;
        return (_countries[bit >> 6] >> (int)(bit & 63) & 1) != 0
            ? (ushort)(text[0] << 8 | text[1])
            : (ushort)0;
    }
}
