package org.negvol.archive;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A series, and how much of it was there when it was last released for processing. */
@Entity(name = "Series")
@Table(name = "series")
public class SeriesRow {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "series")
    @SequenceGenerator(name = "series", sequenceName = "series_seq", allocationSize = 50)
    @Nullable Long id;

    @Column(name = "study_id")
    long studyId;

    @Column(name = "series_instance_uid")
    String seriesInstanceUid = "";

    String modality = "";

    @Column(name = "series_number")
    @Nullable Integer seriesNumber;

    @Nullable String description;

    int instances;

    @Column(name = "released_instances")
    int releasedInstances;

    @Column(name = "last_received_at")
    Instant lastReceivedAt = Instant.EPOCH;

    /** As {@link IndexedAttributes} encodes it. */
    byte[] header = {};
}
