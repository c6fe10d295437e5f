namespace Dymes.Membership;

/// <summary>Where silos find each other.</summary>
public enum MembershipKind
{
    /// <summary>Nowhere: one silo alone, on 127.0.0.1.</summary>
    Localhost,

    /// <summary>In a file that all silos share: several silos on one machine.</summary>
    File,

    /// <summary>In Redis: several machines.</summary>
    Redis,

    /// <summary>In PostgreSQL: several machines.</summary>
    Postgres,
}
