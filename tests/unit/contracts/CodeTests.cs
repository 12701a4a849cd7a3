using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Contracts;

public sealed class CodeTests
{
    private static string Repository { get; } = FindRepository();

    private static string FindRepository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "TradeProcessor.sln")))
            directory = Path.GetDirectoryName(directory)!;
        return directory;
    }

    private static IEnumerable<string> FirstColumn(string table) =>
        File.ReadLines(Path.Combine(Repository, "contracts/trading/data", table))
            .Skip(1)
            .Select(line => line.Split(',')[0]);

    [Fact]
    public void AssetTable_EveryThreeLetters_KnowsExactlyTheCsv()
    {
        var known = FirstColumn("currencies.csv").ToHashSet();
        Assert.Equal(307, known.Count);
        for (var i = 0; i < 26 * 26 * 26; i++)
        {
            var text = $"{(char)('A' + i / 676)}{(char)('A' + i / 26 % 26)}{(char)('A' + i % 26)}";
            var ascii = System.Text.Encoding.ASCII.GetBytes(text);
            Assert.Equal(known.Contains(text), AssetTable.Iso.TryFind(ascii, out _));
        }
    }

    [Fact]
    public void CountryCode_EveryTwoLetters_KnowsExactlyTheCsv()
    {
        var known = FirstColumn("countries.csv").ToHashSet();
        Assert.Equal(249, known.Count);
        for (var i = 0; i < 26 * 26; i++)
        {
            var text = $"{(char)('A' + i / 26)}{(char)('A' + i % 26)}";
            Assert.Equal(known.Contains(text), CountryCode.TryParse(text.AsSpan(), out var code));
            Assert.True(!known.Contains(text) || code.ToString() == text);
        }
    }

    [Fact]
    public async Task GenerateIso_RunAgain_ChangesNothing()
    {
        using var copy = new TemporaryDirectory();
        foreach (var file in new[] { "ops/generate-iso.sh", "contracts/trading/data/currencies.csv",
            "contracts/trading/data/countries.csv" })
        {
            var target = Path.Combine(copy.Path, file);
            _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Repository, file), target);
        }
        using var run = Process.Start("bash", Path.Combine(copy.Path, "ops/generate-iso.sh"));
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            File.ReadAllText(Path.Combine(Repository, "contracts/trading/IsoTables.g.cs")),
            File.ReadAllText(Path.Combine(copy.Path, "contracts/trading/IsoTables.g.cs")));
    }

    [Theory]
    [InlineData("EUR", true)]
    [InlineData("USDT", true)]
    [InlineData("1INCH", true)]
    [InlineData("WSTETH", true)]
    [InlineData("A", false)]
    [InlineData("TOOLONG", false)]
    [InlineData("eur", false)]
    [InlineData("E R", false)]
    public void AssetCode_Text_RoundTripsOrIsRefused(string text, bool allowed)
    {
        Assert.Equal(allowed, AssetCode.TryParse(text.AsSpan(), out var code));
        Assert.True(!allowed || code.ToString() == text);
    }

    [Fact]
    public void AssetTable_ExtraCode_IsFound()
    {
        var table = new AssetTable(AssetCode.Parse("BTC"), AssetCode.Parse("USDT"));
        Assert.True(table.TryFind("BTC"u8, out _));
        Assert.True(table.TryFind("USDT"u8, out _));
        Assert.True(table.TryFind("EUR"u8, out _));
        Assert.False(AssetTable.Iso.TryFind("BTC"u8, out _));
        Assert.False(table.TryFind("DOGE"u8, out _));
    }

    [Fact]
    public void ExactDecimal_AnyTwo_CompareAndPrintAsBigIntegers()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var a = Any(random);
            var b = Any(random);
            Assert.Equal(Math.Sign(Scaled(a).CompareTo(Scaled(b))), Math.Sign(a.CompareTo(b)));
            Assert.Equal(Scaled(a), Scaled(a.ToString()));
        }

        static ExactDecimal Any(Random random) => new(
            (ulong)random.NextInt64(random.Next(2) == 0 ? 100 : 1_000_000_000_000_000_000),
            (byte)random.Next(19));

        static BigInteger Scaled(object number)
        {
            if (number is ExactDecimal exact)
                return exact.Mantissa * BigInteger.Pow(10, 18 - exact.Scale);
            var parts = ((string)number).Split('.');
            var decimals = parts.Length > 1 ? parts[1] : "";
            return BigInteger.Parse(parts[0] + decimals.PadRight(18, '0'), CultureInfo.InvariantCulture);
        }
    }
}
