using TradeProcessor.Bench.Board;

namespace TradeProcessor.Tests.Unit.Bench;

/// <summary>What the scoreboard shows of what has run, and of what has not.</summary>
public sealed class BoardTests : IDisposable
{
    private static readonly Goal Goal = new("single POST", "×", 0.7, 1.0);
    private static readonly Goal Second = new("16 pipelined", "×", 3, 10);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Row_HasNotRun_KeepsItsGoals()
    {
        var row = new BoardRow(Store.Read("pipelined", quick: false), [Goal, Second]);
        Assert.False(row.IsMeasured);
        Assert.Equal(
            (string[][])
            [
                ["single POST", "0.7 ×", "1 ×", "missing", "", "has not run", "`pipelined`"],
                ["16 pipelined", "3 ×", "10 ×", "missing", "", "has not run", "`pipelined`"],
            ],
            row.Cells());
    }

    [Fact]
    public void Row_WithoutGoals_IsSeenWhereItHasNotRun()
    {
        var row = new BoardRow(Store.Read("steps", quick: false), []);
        Assert.Equal(
            ["steps", "", "", "missing", "", "has not run", "`steps`"], row.Cells().Single());
        Assert.Empty(Row("steps", "a", new BenchResult([], [])).Cells());
    }

    [Fact]
    public void Rows_OfDifferentCommits_AreToldOf()
    {
        BoardRow[] rows = [Row("a", "1"), Row("b", "1"), Missing("c")];
        Assert.Equal("", BoardRow.CommitsOf(rows));
        Assert.Equal(
            "Rows are of 2 commits; each row's section names its own.",
            BoardRow.CommitsOf([.. rows, Row("d", "1, changed")]));
    }

    [Fact]
    public void File_WithGaps_TakesNoOnesPlace()
    {
        var file = Path.Combine(_directory.Path, "board.md");
        var noPeer = new BenchResult([Score.Missing(Goal, "no peer")], []);
        BoardRow[] gaps = [Row("a", "1"), Missing("b"), Row("c", "1", noPeer)];
        Assert.Null(BoardFile.WhyNot(gaps, file));
        File.WriteAllText(file, "earlier");
        var why = BoardFile.WhyNot(gaps, file);
        Assert.EndsWith("as it is, not measured in full: b, c", why, StringComparison.Ordinal);
        Assert.Null(BoardFile.WhyNot([Row("a", "1")], file));
    }

    [Fact]
    public void File_OfTwoCommits_NamesThem()
    {
        var file = Path.Combine(_directory.Path, "board.md");
        BoardFile.Write([Row("a", "commit 1"), Row("b", "commit 2"), Missing("c")], file);
        var text = File.ReadAllText(file);
        Assert.Contains("\nRows are of 2 commits; each", text, StringComparison.Ordinal);
        Assert.Contains("\n## b\n\nmachine; commit 2.\n", text, StringComparison.Ordinal);
        Assert.Contains("\n## c\n\nMissing: has not run.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Store_QuickResult_TakesNothingFromTheFullOne()
    {
        var full = Row("single", "1").Stored;
        Store.Keep(full);
        Store.Keep(full with { Quick = true, Machine = "machine; 2" });
        Assert.Equal("1", Store.Read("single", quick: false).Commit);
        Assert.Equal("2", Store.Read("single", quick: true).Commit);
        Assert.Equal(0.8, Store.Read("single", quick: false).Result!.Scores[0].Result!.Median);
    }

    [Fact]
    public void Store_QuickResultAlone_IsNoFullOne()
    {
        Store.Keep(Row("single", "1").Stored with { Quick = true });
        Assert.Equal("has not run", Store.Read("single", quick: false).Failure);
        // As earlier builds left it.
        File.Move(
            Path.Combine(_directory.Path, "single.quick.json"),
            Path.Combine(_directory.Path, "single.json"));
        Assert.Equal("has not run", Store.Read("single", quick: false).Failure);
    }

    private ResultStore Store => new(_directory.Path);

    private BoardRow Missing(string name) => new(Store.Read(name, quick: false), [Goal]);

    private static BoardRow Row(string name, string commit, BenchResult? result = null) => new(
        new StoredResult(
            name, $"machine; {commit}", false,
            result ?? new BenchResult([Score.Of(Goal, [0.8])], []), null),
        [Goal]);
}
