package org.negvol.archive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A study of the index, for lists.
 *
 * @param studyInstanceUid its UID
 * @param patientId Patient ID (0010,0020)
 * @param patientName Patient's Name (0010,0010); never to be logged
 * @param studyDate Study Date (0008,0020), as sent
 * @param description Study Description (0008,1030)
 * @param accessionNumber Accession Number (0008,0050)
 * @param receivedAt when its first instance came
 */
public record ArchivedStudy(
        String studyInstanceUid,
        String patientId,
        @Nullable String patientName,
        @Nullable String studyDate,
        @Nullable String description,
        @Nullable String accessionNumber,
        Instant receivedAt) {}
