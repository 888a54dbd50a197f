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

/** A study. */
@Entity(name = "Study")
@Table(name = "study")
public class StudyRow {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "study")
    @SequenceGenerator(name = "study", sequenceName = "study_seq", allocationSize = 50)
    @Nullable Long id;

    @Column(name = "patient_id")
    long patientId;

    @Column(name = "study_instance_uid")
    String studyInstanceUid = "";

    @Column(name = "study_date")
    @Nullable String studyDate;

    @Column(name = "study_time")
    @Nullable String studyTime;

    @Column(name = "accession_number")
    @Nullable String accessionNumber;

    @Nullable String description;

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    /** As {@link IndexedAttributes} encodes it. */
    byte[] header = {};
}
