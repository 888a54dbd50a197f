package org.negvol.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that became of a study, as REST shows it.
 *
 * @param summary the study as a whole
 * @param series its series in the order of their numbers; not those that negvol made
 */
public record StudyStatus(@JsonUnwrapped Summary summary, List<Series> series) {

    /**
     * A study in a list.
     *
     * @param studyInstanceUid its UID
     * @param patientId Patient ID (0010,0020)
     * @param studyDate Study Date (0008,0020), as sent
     * @param description Study Description (0008,1030)
     * @param accessionNumber Accession Number (0008,0050)
     * @param sentBy AE title of who sent its first series; {@code STOW-RS} for what came by HTTP
     * @param receivedAt when its first instance came
     * @param processingSince when the work on it began; null unless it is being processed
     * @param state the one of its series' states that needs most attention
     * @param sentence that state in words
     * @param instances how many instances there are, negvol's own included
     * @param undelivered objects that a destination does not have though it was tried
     */
    public record Summary(
            String studyInstanceUid,
            String patientId,
            @Nullable String studyDate,
            @Nullable String description,
            @Nullable String accessionNumber,
            @Nullable String sentBy,
            Instant receivedAt,
            @Nullable Instant processingSince,
            JobState state,
            String sentence,
            int instances,
            int undelivered) {}

    /**
     * A visit of a patient.
     *
     * @param summary its study
     * @param result what {@link ResultJson} writes of its best series; absent where there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Visit(@JsonUnwrapped Summary summary, @JsonRawValue @Nullable String result) {}

    /**
     * Part of the list of studies, the newest first.
     *
     * @param studies the part
     * @param next where the next part begins; null after the last one
     */
    public record Part(List<Summary> studies, @Nullable String next) {}

    /**
     * A series.
     *
     * @param seriesInstanceUid its UID
     * @param modality Modality (0008,0060)
     * @param number Series Number (0020,0011)
     * @param description Series Description (0008,103E)
     * @param instances how many instances there are
     * @param conflicts contents kept apart because their SOP Instance UID was taken
     * @param jobs the newest first; empty while the series is incomplete
     */
    public record Series(
            String seriesInstanceUid,
            String modality,
            @Nullable Integer number,
            @Nullable String description,
            int instances,
            long conflicts,
            List<Job> jobs) {}

    /**
     * A job.
     *
     * @param revision counts from 1; late slices make a new one
     * @param pipelineVersion version of negvol
     * @param instances how many instances the series had
     * @param state where it stands
     * @param sentence the state in words
     * @param attempts how often the work was started
     * @param createdAt when the series was released
     * @param changedAt when the state last changed
     * @param result what {@link ResultJson} writes; absent before the end
     * @param objects the DICOM objects of the result, in the order of sending
     * @param history the states so far
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Job(
            int revision,
            String pipelineVersion,
            int instances,
            JobState state,
            String sentence,
            int attempts,
            Instant createdAt,
            Instant changedAt,
            @JsonRawValue @Nullable String result,
            List<ResultInstance> objects,
            List<Change> history) {}

    /**
     * An object that negvol made.
     *
     * @param kind a {@link org.negvol.report.ResultObject.Kind}
     * @param sopClassUid SOP Class UID
     * @param sopInstanceUid SOP Instance UID
     * @param seriesInstanceUid Series Instance UID
     * @param deliveries where it goes
     */
    public record ResultInstance(
            String kind,
            String sopClassUid,
            String sopInstanceUid,
            String seriesInstanceUid,
            List<Delivery> deliveries) {}

    /**
     * An object's way to a destination.
     *
     * @param destination its name in the configuration
     * @param state where it stands
     * @param sentence the state in words
     * @param attempts how often it was sent
     * @param changedAt when the state last changed
     * @param inPlaceOf what the destination refused and this object is sent for; absent otherwise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Delivery(
            String destination,
            DeliveryState state,
            String sentence,
            int attempts,
            Instant changedAt,
            @Nullable String inPlaceOf) {}

    /**
     * A change of a job's state.
     *
     * @param from null at the beginning
     * @param to the state after it
     * @param sentence that state in words
     * @param at when
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(@Nullable JobState from, JobState to, String sentence, Instant at) {}
}
