using WgHub.Web;

namespace WgHub.Features.Tokens;

/// <summary>A token that was opened by its secret, with its state at that moment.</summary>
internal abstract record OpenToken(TokenState State, DateTimeOffset ExpiresAt)
{
    /// <summary>Of the spoke to be; empty for a cluster's, whose nodes bring their names along.</summary>
    public virtual string SpokeName => "";

    public virtual bool IsReenrolment => false;

    /// <summary>True when a machine came by it before. Such a one may run the same line again, however long ago that was.</summary>
    protected abstract bool IsUsed { get; }

    /// <exception cref="AppException">TOKEN_REVOKED, TOKEN_EXPIRED.</exception>
    public void RefuseIfOver()
    {
        if (State == TokenState.Revoked)
        {
            throw TokenErrors.Revoked();
        }

        if (!IsUsed)
        {
            RefuseIfExpired();
        }
    }

    /// <exception cref="AppException">TOKEN_EXPIRED.</exception>
    protected void RefuseIfExpired()
    {
        if (State == TokenState.Expired)
        {
            throw TokenErrors.Expired(ExpiresAt);
        }
    }
}

/// <summary>One machine's.</summary>
internal sealed record OpenSpokeToken(Token Token, DateTimeOffset Now) : OpenToken(Token.StateAt(Now), Token.ExpiresAt)
{
    public override string SpokeName => Token.SpokeName;

    public override bool IsReenrolment => Token.Kind == TokenKind.Reenrol;

    protected override bool IsUsed => State == TokenState.Used;
}

/// <summary>All nodes' of a cluster.</summary>
internal sealed record OpenClusterToken(ClusterToken Token, DateTimeOffset Now) : OpenToken(Token.StateAt(Now), Token.ExpiresAt)
{
    protected override bool IsUsed => Token.Nodes.Count > 0;

    /// <summary>For a node that did not come before.</summary>
    /// <exception cref="AppException">TOKEN_REVOKED, TOKEN_EXPIRED, CLUSTER_TOKEN_FULL.</exception>
    public void RefuseOneMore()
    {
        RefuseIfOver();
        RefuseIfExpired();
        if (State == TokenState.Used)
        {
            throw ClusterTokenErrors.Full(Token.MaximumNodes);
        }
    }
}
