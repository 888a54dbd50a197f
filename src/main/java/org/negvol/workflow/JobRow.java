package org.negvol.workflow;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A series' way through the node. Its result, a JSON document, is read and written by SQL. */
@Entity(name = "Job")
@Table(name = "job")
public class JobRow {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "job")
    @SequenceGenerator(name = "job", sequenceName = "job_seq", allocationSize = 50)
    @Nullable Long id;

    @Column(name = "series_id")
    long seriesId;

    @Column(name = "pipeline_version")
    String pipelineVersion = PipelineVersion.CURRENT;

    int revision;

    int instances;

    @Enumerated(EnumType.STRING)
    JobState state = JobState.RECEIVED;

    String sentence = "";

    int attempts;

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    @Column(name = "changed_at")
    Instant changedAt = Instant.EPOCH;
}
