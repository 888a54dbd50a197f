package org.negvol.archive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A series of the index.
 *
 * @param id key in the index
 * @param studyInstanceUid its study
 * @param seriesInstanceUid its UID
 * @param modality Modality (0008,0060), empty if it says none
 * @param number Series Number (0020,0011)
 * @param description Series Description (0008,103E)
 * @param instances how many instances there are
 * @param releasedInstances how many there were when it was last released for processing
 * @param conflicts contents kept apart because their SOP Instance UID was taken
 * @param lastReceivedAt when the last new instance came
 */
public record ArchivedSeries(
        long id,
        String studyInstanceUid,
        String seriesInstanceUid,
        String modality,
        @Nullable Integer number,
        @Nullable String description,
        int instances,
        int releasedInstances,
        long conflicts,
        Instant lastReceivedAt) {}
