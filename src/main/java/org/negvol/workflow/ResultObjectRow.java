package org.negvol.workflow;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A DICOM object that a job made. */
@Entity(name = "ResultObject")
@Table(name = "result_object")
@IdClass(ResultObjectRow.Key.class)
public class ResultObjectRow {

    /** The job, and the place in the order of sending. */
    public record Key(long jobId, int position) implements Serializable {}

    @Id
    @Column(name = "job_id")
    long jobId;

    @Id int position;

    String kind = "";

    @Column(name = "series_uid")
    String seriesUid = "";

    @Column(name = "sop_class_uid")
    String sopClassUid = "";

    @Column(name = "sop_instance_uid")
    String sopInstanceUid = "";
}
