package org.negvol.archive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;

/**
 * Everything the index holds of one instance.
 *
 * @param attributes the elements below group 0030
 * @param transferSyntaxUid how it is stored
 * @param objectKey where it is stored
 * @param sizeBytes length of the file
 * @param contentSha256 SHA-256 of the data set, hexadecimal
 * @param receivedAt when
 * @param receivedFrom AE title of who sent it
 */
record InstanceDescription(
        Attributes attributes,
        String transferSyntaxUid,
        String objectKey,
        long sizeBytes,
        String contentSha256,
        Instant receivedAt,
        String receivedFrom) {

    String sopInstanceUid() {
        return attributes.getString(Tag.SOPInstanceUID, "");
    }

    String studyInstanceUid() {
        return attributes.getString(Tag.StudyInstanceUID, "");
    }

    String seriesInstanceUid() {
        return attributes.getString(Tag.SeriesInstanceUID, "");
    }

    PatientRow patient() {
        PatientRow row = new PatientRow();
        row.patientId = text(Tag.PatientID, "");
        row.issuer = text(Tag.IssuerOfPatientID, "");
        row.name = text(Tag.PatientName);
        row.birthDate = text(Tag.PatientBirthDate);
        row.sex = text(Tag.PatientSex);
        return row;
    }

    StudyRow study(long patientId) {
        StudyRow row = new StudyRow();
        row.patientId = patientId;
        row.studyInstanceUid = studyInstanceUid();
        row.studyDate = text(Tag.StudyDate);
        row.studyTime = text(Tag.StudyTime);
        row.accessionNumber = text(Tag.AccessionNumber);
        row.description = text(Tag.StudyDescription);
        row.createdAt = receivedAt;
        row.header = IndexedAttributes.ofStudy(attributes);
        return row;
    }

    SeriesRow series(long studyId) {
        SeriesRow row = new SeriesRow();
        row.studyId = studyId;
        row.seriesInstanceUid = seriesInstanceUid();
        row.modality = text(Tag.Modality, "");
        row.seriesNumber = number(Tag.SeriesNumber);
        row.description = text(Tag.SeriesDescription);
        row.lastReceivedAt = receivedAt;
        row.header = IndexedAttributes.ofSeries(attributes);
        return row;
    }

    InstanceRow instance(long seriesId) {
        InstanceRow row = new InstanceRow();
        row.seriesId = seriesId;
        row.sopInstanceUid = sopInstanceUid();
        row.sopClassUid = attributes.getString(Tag.SOPClassUID, "");
        row.transferSyntaxUid = transferSyntaxUid;
        row.instanceNumber = number(Tag.InstanceNumber);
        row.objectKey = objectKey;
        row.sizeBytes = sizeBytes;
        row.contentSha256 = contentSha256;
        row.receivedAt = receivedAt;
        row.receivedFrom = receivedFrom;
        row.header = IndexedAttributes.ofInstance(attributes);
        return row;
    }

    ConflictingInstanceRow conflict(long instanceId) {
        ConflictingInstanceRow row = new ConflictingInstanceRow();
        row.instanceId = instanceId;
        row.objectKey = objectKey;
        row.sizeBytes = sizeBytes;
        row.contentSha256 = contentSha256;
        row.receivedAt = receivedAt;
        row.receivedFrom = receivedFrom;
        return row;
    }

    private @Nullable Integer number(int tag) {
        String text = text(tag);
        try {
            return text == null ? null : Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private String text(int tag, String otherwise) {
        String text = text(tag);
        return text == null ? otherwise : text;
    }

    /** What PostgreSQL can hold: no NUL, and no more than a person would read. */
    private @Nullable String text(int tag) {
        String text = attributes.getString(tag);
        if (text == null) {
            return null;
        }
        String clean = text.replace("\0", "").strip();
        return clean.length() > 1024 ? clean.substring(0, 1024) : clean;
    }
}
