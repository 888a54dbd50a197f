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

/** One object of a result on its way to one destination. */
@Entity(name = "Delivery")
@Table(name = "delivery")
public class DeliveryRow {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "delivery")
    @SequenceGenerator(name = "delivery", sequenceName = "delivery_seq", allocationSize = 50)
    @Nullable Long id;

    @Column(name = "job_id")
    long jobId;

    int position;

    String destination = "";

    @Enumerated(EnumType.STRING)
    DeliveryState state = DeliveryState.PENDING;

    String sentence = "";

    /** The name of what the destination refused and this one is sent for. */
    @Column(name = "in_place_of")
    @Nullable String inPlaceOf;

    /** Transaction UID of the latest question whether it is kept. */
    @Column(name = "commitment_uid")
    @Nullable String commitmentUid;

    int attempts;

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    @Column(name = "changed_at")
    Instant changedAt = Instant.EPOCH;
}
