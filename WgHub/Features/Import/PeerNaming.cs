namespace WgHub.Features.Import;

/// <summary>
/// Finds the name of each peer of a conf file as its lines go by. A comment belongs to what follows it: a peer's name stands before its [Peer],
/// behind it, or below it. What is commented out is no peer, and what is said of it is said of nobody.
/// </summary>
internal sealed class PeerNaming
{
    private readonly List<string> _comments = [];
    private (NameRank Rank, string Name)? _best;
    private bool _isCommentedOut;

    /// <summary>Of the peer that began last; null when nothing names it.</summary>
    public string? Name => _best?.Name;

    public void Comment(string line)
    {
        if (ConfComment.IsHeader(line))
        {
            _isCommentedOut = true;
            _comments.Clear();
        }
        else if (!ConfComment.IsSetting(line))
        {
            _comments.Add(line);
        }
        else if (_isCommentedOut)
        {
            _comments.Clear();
        }
    }

    /// <param name="comment">What stands on the same line; null for nothing.</param>
    public void Behind(string? comment, NameRank rank)
    {
        if (comment is not null && ConfComment.NameIn([comment]) is { } found)
        {
            Take((found.Rank == NameRank.Labelled ? found.Rank : rank, found.Name));
        }
    }

    public void BeginPeer()
    {
        (_best, _isCommentedOut) = (null, false);
        Settle();
    }

    public void BeginHub()
    {
        (_best, _isCommentedOut) = (null, false);
        _comments.Clear();
    }

    /// <summary>The comments until here are the peer's that has begun.</summary>
    public void Settle()
    {
        if (_comments.Count > 0)
        {
            Take(ConfComment.NameIn(_comments));
            _comments.Clear();
        }
    }

    private void Take((NameRank Rank, string Name)? found) =>
        _best = found is { } name && (_best is not { } best || name.Rank < best.Rank) ? found : _best;
}
