namespace ProdSprint.Audit;

/// <summary>
/// What the database says of rows that are no longer in it. Whoever can write to it could say so of any row; but each record of an archive has a seal that only the servers of this
/// database make, and continues the one before it.
/// </summary>
public static class ArchivedRows
{
    /// <param name="archives">As the database has them, oldest first. An empty seal: the record has none.</param>
    /// <param name="noted">A head that was noted down elsewhere before.</param>
    /// <returns>Where the rows that are here go on from; null: nothing is archived.</returns>
    public static (AuditHead? Start, IReadOnlyList<AuditFault> Faults) Check(byte[] key, IReadOnlyList<AuditSeal> archives, AuditHead? noted)
    {
        var faults = new List<AuditFault>();
        var end = new AuditHead(0, "");
        foreach (var archive in archives)
        {
            if (archive.Start != end) faults.Add(new(archive.From, "removed", $"The archive of rows {archive.From} to {archive.To} does not continue row {end.Seq}: what is between is neither here nor in an archive."));
            if (!archive.IsOf(key)) faults.Add(new(archive.To, "unsealed", $"That rows {archive.From} to {archive.To} were archived has no seal of this server's. Look for the archive, and verify that: prodsprint audit-log verify FILE"));
            if (noted?.Seq == archive.To && noted.Hash != archive.Head) faults.Add(new(archive.To, "rewritten", "Its hash is not the one that was noted down."));
            end = new(archive.To, archive.Head);
        }
        if (noted is not null && noted.Seq <= end.Seq && archives.All(a => a.To != noted.Seq))
            faults.Add(new(noted.Seq, "elsewhere", $"Row {noted.Seq} lies in an archive, so its hash is not known here. Verify that archive: prodsprint audit-log verify FILE --head {noted.Seq}:{noted.Hash}"));
        return (archives.Count == 0 ? null : end, faults);
    }
}
