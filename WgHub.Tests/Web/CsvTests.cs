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
        Any.Holds(Text.ListOf().Where(cells => cells.Count > 0 && cells is not [""]).ListOf(), table =>
        {
            // The first line says what separates.
            List<IEnumerable<string>> rows = [["x", "y", "z"], .. table];
            var read = Csv.Read(string.Concat(rows.Select(cells => Csv.Line(cells))));
            return rows.Select(cells => string.Join('|', cells)).SequenceEqual(read.Select(row => string.Join('|', row.Cells)));
        });

    [Theory]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a;b\n1;2")]
    [InlineData("a\tb\n\n1\t2\n")]
    [InlineData("\uFEFF\"a\",\"b\"\n\"1\",\"2\"")]
    public void Spreadsheets_write_it_in_many_ways(string text) =>
        Assert.Equal([["a", "b"], ["1", "2"]], Csv.Read(text).Select(row => row.Cells));

    [Fact]
    public void A_record_knows_the_line_on_which_it_begins() =>
        Assert.Equal([1, 2, 5], Csv.Read("a,b\n\"one\ntwo\",x\n\nlast,y").Select(row => row.Line));

    [Theory]
    [InlineData("a,b\nx,\"y\nz", "Line 2: a quote that is not closed.")]
    [InlineData("a,b\n\"x\"y,z", "Line 2: something follows")]
    [InlineData("a,b\nx\"y,z", "Line 2: a quote within")]
    public void What_is_broken_is_told_with_its_line(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<FormatException>(() => Csv.Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    public void What_a_spreadsheet_would_run_is_made_a_text(string text) => Assert.StartsWith("'", Csv.Cell(text), StringComparison.Ordinal);
}
