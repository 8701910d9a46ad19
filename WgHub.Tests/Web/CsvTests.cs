using FsCheck;
using FsCheck.Fluent;
using WgHub.TestKit;

namespace WgHub.Web;

public sealed class CsvTests
{
    private static readonly Gen<string> Text =
        Gen.Elements("a", "\"", ",", ";", "\t", "\r\n", "\n", "ü", " ").ListOf().Select(string.Concat).Where(text => text is not ['\t' or '\r', ..]);

    [Fact]
    public void What_was_written_is_read_again() =>
        Any.Holds(Text.ArrayOf(3).ListOf(), table =>
        {
            // The first line says what separates.
            List<string[]> rows = [["x", "y", "z"], .. table];
            var read = Csv.Read(Csv.Write(rows));
            return rows.Select(cells => string.Join('|', cells)).SequenceEqual(read.Select(row => string.Join('|', row.Cells)));
        });

    [Theory]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a;b\n1;2")]
    [InlineData("a\tb\n\n1\t2\n")]
    [InlineData("\uFEFF\"a\",\"b\"\n\"1\",\"2\"")]
    [InlineData("\"\"\na,b\n\"\"\n1,2\n")] // lines that hold nothing
    [InlineData("sep=;\r\na;b\r\n1;2\r\n")] // Excel's own first line
    public void Spreadsheets_write_it_in_many_ways(string text) =>
        Assert.Equal([["a", "b"], ["1", "2"]], Csv.Read(text).Select(row => row.Cells));

    [Fact]
    public void A_record_knows_the_line_on_which_it_begins() =>
        Assert.Equal([1, 2, 5], Csv.Read("a,b\n\"one\ntwo\",x\n\nlast,y").Select(row => row.Line));

    [Theory]
    [InlineData("a,b\nx,\"y\nz", "(line 2): a quoted field that is never closed")]
    [InlineData("a,b\n\"x\"y,z", "(line 2): text after the closing quote")]
    [InlineData("a,b\nx\"y,z", "(line 2): a quote inside an unquoted field")]
    public void What_is_broken_is_told_with_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<FormatException>(() => Csv.Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    public void What_a_spreadsheet_would_run_is_made_a_text(string text) => Assert.Equal($"a,\"'{text}\"\r\n", Csv.Write([["a", text]]));

    [Fact]
    public void A_record_of_another_length_keeps_its_cells_and_its_line() =>
        Assert.Equal([(1, 2), (2, 3), (4, 1)], Csv.Read("a,b\n1,2,3\n\n4\n").Select(row => (row.Line, row.Cells.Count)));

    /// <summary>An office in Europe separates with semicolons, because its commas are in the numbers and between the tags.</summary>
    [Fact]
    public void Commas_in_the_cells_do_not_separate_when_semicolons_do() =>
        Assert.Equal([["name", "tags"], ["oslo", "a,b,c"], ["turin", "d,e,f"]], Csv.Read("name;tags\noslo;a,b,c\nturin;d,e,f\n").Select(row => row.Cells));
}
