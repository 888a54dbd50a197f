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

/** Another content that came under the SOP Instance UID of an instance. */
@Entity(name = "ConflictingInstance")
@Table(name = "conflicting_instance")
public class ConflictingInstanceRow {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "conflict")
    @SequenceGenerator(name = "conflict", sequenceName = "instance_seq", allocationSize = 50)
    @Nullable Long id;

    @Column(name = "instance_id")
    long instanceId;

    @Column(name = "object_key")
    String objectKey = "";

    @Column(name = "size_bytes")
    long sizeBytes;

    @Column(name = "content_sha256")
    String contentSha256 = "";

    @Column(name = "received_at")
    Instant receivedAt = Instant.EPOCH;

    @Column(name = "received_from")
    String receivedFrom = "";
}
