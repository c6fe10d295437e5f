namespace Dymes.Membership;

/// <summary>Where silos find each other.</summary>
public enum MembershipKind
{
    /// <summary>As <see cref="Quorum"/> where there is a list of replicas, else as <see cref="Localhost"/>.</summary>
    Auto,

    /// <summary>Nowhere: one silo alone, on 127.0.0.1.</summary>
    Localhost,

    /// <summary>Among themselves, by the list of replicas: one machine or several.</summary>
    Quorum,

    /// <summary>In a file that all silos share: several silos on one machine.</summary>
    File,

    /// <summary>In Redis: several machines.</summary>
    Redis,

    /// <summary>In PostgreSQL: several machines.</summary>
    Postgres,
}
