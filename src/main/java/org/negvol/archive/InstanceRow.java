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

/** An instance: what it is, where its bytes lie, and the elements that tell its geometry. */
@Entity(name = "Instance")
@Table(name = "instance")
public class InstanceRow {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "instance")
    @SequenceGenerator(name = "instance", sequenceName = "instance_seq", allocationSize = 50)
    @Nullable Long id;

    @Column(name = "series_id")
    long seriesId;

    @Column(name = "sop_instance_uid")
    String sopInstanceUid = "";

    @Column(name = "sop_class_uid")
    String sopClassUid = "";

    @Column(name = "transfer_syntax_uid")
    String transferSyntaxUid = "";

    @Column(name = "instance_number")
    @Nullable Integer instanceNumber;

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

    byte[] header = {};
}
