package org.negvol.report;

import java.io.IOException;
import java.io.OutputStream;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;

/**
 * One DICOM object of a result.
 *
 * @param kind what it is
 * @param dataset the data set, complete
 */
public record ResultObject(Kind kind, Attributes dataset) {

    /** The objects negvol makes. */
    public enum Kind {
        SEGMENTATION(UID.SegmentationStorage, "SEG", "seg", "TMJ segmentation", 1),
        LABEL_MAP_SEGMENTATION(
                UID.LabelMapSegmentationStorage, "SEG", "labelmap", "TMJ segmentation", 1),
        SURFACE_SEGMENTATION(
                UID.SurfaceSegmentationStorage, "SEG", "surface", "TMJ surface segmentation", 2),
        STRUCTURED_REPORT(
                UID.Comprehensive3DSRStorage, "SR", "sr", "TMJ negative volume report", 3),
        ENCAPSULATED_STL(UID.EncapsulatedSTLStorage, "M3D", "stl", "TMJ models", 4),
        SECONDARY_CAPTURE(
                UID.SecondaryCaptureImageStorage, "OT", "picture", "TMJ negative volume page", 5),
        ENCAPSULATED_PDF(
                UID.EncapsulatedPDFStorage, "DOC", "page", "TMJ negative volume page (PDF)", 6),
        KEY_OBJECT_SELECTION(UID.KeyObjectSelectionDocumentStorage, "KO", "keys", "TMJ results", 7);

        private final String sopClassUid;
        private final String modality;
        private final String fileStem;
        private final String seriesDescription;
        private final int seriesOffset;

        Kind(
                String sopClassUid,
                String modality,
                String fileStem,
                String seriesDescription,
                int seriesOffset) {
            this.sopClassUid = sopClassUid;
            this.modality = modality;
            this.fileStem = fileStem;
            this.seriesDescription = seriesDescription;
            this.seriesOffset = seriesOffset;
        }

        public String sopClassUid() {
            return sopClassUid;
        }

        /** Modality (0008,0060). */
        public String modality() {
            return modality;
        }

        /** What a file of this kind is usually called, without extension. */
        public String fileStem() {
            return fileStem;
        }

        /** Whether it has pixels, so that documents refer to it as an image. */
        boolean image() {
            return this == SEGMENTATION
                    || this == LABEL_MAP_SEGMENTATION
                    || this == SECONDARY_CAPTURE;
        }

        String seriesDescription() {
            return seriesDescription;
        }

        int seriesOffset() {
            return seriesOffset;
        }
    }

    public String sopClassUid() {
        return kind.sopClassUid();
    }

    /** What a file of this object is usually called. */
    public String fileName() {
        int number = dataset.getInt(Tag.InstanceNumber, 1);
        return kind.fileStem() + (number == 1 ? "" : "-" + number) + ".dcm";
    }

    public String sopInstanceUid() {
        return dataset.getString(Tag.SOPInstanceUID, "");
    }

    public String seriesInstanceUid() {
        return dataset.getString(Tag.SeriesInstanceUID, "");
    }

    /**
     * Writes the object as a DICOM file in explicit VR little endian.
     *
     * @throws IOException if the stream cannot be written
     */
    public void writeTo(OutputStream out) throws IOException {
        DicomOutputStream dicom = new DicomOutputStream(out);
        dicom.writeFile(FileMeta.of(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), dataset);
        dicom.flush();
    }
}
