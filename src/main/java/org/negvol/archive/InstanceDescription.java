package org.negvol.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;

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

    private static final int[] GEOMETRY = {
        Tag.ImageType,
        Tag.SOPClassUID,
        Tag.SOPInstanceUID,
        Tag.Modality,
        Tag.BodyPartExamined,
        Tag.SliceThickness,
        Tag.SpacingBetweenSlices,
        Tag.GantryDetectorTilt,
        Tag.ConvolutionKernel,
        Tag.StudyInstanceUID,
        Tag.SeriesInstanceUID,
        Tag.InstanceNumber,
        Tag.ImagePositionPatient,
        Tag.ImageOrientationPatient,
        Tag.FrameOfReferenceUID,
        Tag.SamplesPerPixel,
        Tag.PhotometricInterpretation,
        Tag.NumberOfFrames,
        Tag.Rows,
        Tag.Columns,
        Tag.PixelSpacing,
        Tag.BitsAllocated,
        Tag.BitsStored,
        Tag.HighBit,
        Tag.PixelRepresentation,
        Tag.RescaleIntercept,
        Tag.RescaleSlope,
        Tag.RescaleType
    };

    /** Values longer than this are no honest header. */
    private static final int MOST_HEADER_BYTES = 1 << 14;

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
        row.header = header();
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

    private byte[] header() {
        Attributes geometry = new Attributes();
        geometry.addSelected(attributes, GEOMETRY);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DicomOutputStream out = new DicomOutputStream(bytes)) {
            out.writeDataset(geometry, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.size() > MOST_HEADER_BYTES ? new byte[0] : bytes.toByteArray();
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
