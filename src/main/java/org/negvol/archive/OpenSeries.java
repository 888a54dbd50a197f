package org.negvol.archive;

import java.time.Instant;

/**
 * A series with instances that were not released yet.
 *
 * @param id key in the index
 * @param studyInstanceUid Study Instance UID
 * @param seriesInstanceUid Series Instance UID
 * @param instances how many there are
 * @param sender AE title of who sent the newest one
 * @param lastReceivedAt when that was
 */
public record OpenSeries(
        long id,
        String studyInstanceUid,
        String seriesInstanceUid,
        int instances,
        String sender,
        Instant lastReceivedAt) {}
