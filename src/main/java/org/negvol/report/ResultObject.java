package org.negvol.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
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

    /** The objects negvol makes, in the order in which they are sent. */
    public enum Kind {
        SEGMENTATION(UID.SegmentationStorage, "Segmentation", "SEG", "seg", "TMJ segmentation", 1),
        LABEL_MAP_SEGMENTATION(
                UID.LabelMapSegmentationStorage,
                "Label Map Segmentation",
                "SEG",
                "labelmap",
                "TMJ segmentation",
                1),
        SURFACE_SEGMENTATION(
                UID.SurfaceSegmentationStorage,
                "Surface Segmentation",
                "SEG",
                "surface",
                "TMJ surface segmentation",
                2),
        STRUCTURED_REPORT(
                UID.Comprehensive3DSRStorage,
                "Comprehensive 3D SR",
                "SR",
                "sr",
                "TMJ negative volume report",
                3),
        ENCAPSULATED_STL(
                UID.EncapsulatedSTLStorage, "Encapsulated STL", "M3D", "stl", "TMJ models", 4),
        ENCAPSULATED_PDF(
                UID.EncapsulatedPDFStorage,
                "Encapsulated PDF",
                "DOC",
                "page",
                "TMJ negative volume page (PDF)",
                6),
        PICTURES(
                UID.MultiFrameTrueColorSecondaryCaptureImageStorage,
                "Multi-frame Secondary Capture",
                "OT",
                "pictures",
                "TMJ negative volume pictures",
                5),
        PICTURE(
                UID.SecondaryCaptureImageStorage,
                "Secondary Capture",
                "OT",
                "picture",
                "TMJ negative volume page",
                8),
        KEY_OBJECT_SELECTION(
                UID.KeyObjectSelectionDocumentStorage,
                "Key Object Selection",
                "KO",
                "keys",
                "TMJ results",
                7);

        private final String sopClassUid;
        private final String words;
        private final String modality;
        private final String fileStem;
        private final String seriesDescription;
        private final int seriesOffset;

        Kind(
                String sopClassUid,
                String words,
                String modality,
                String fileStem,
                String seriesDescription,
                int seriesOffset) {
            this.sopClassUid = sopClassUid;
            this.words = words;
            this.modality = modality;
            this.fileStem = fileStem;
            this.seriesDescription = seriesDescription;
            this.seriesOffset = seriesOffset;
        }

        /**
         * What may be sent where this kind is refused, the best first, each later in the order of
         * sending: the same structures or numbers in a form that more systems take, down to a
         * picture, which all do.
         */
        public List<Kind> alternatives() {
            return switch (this) {
                case LABEL_MAP_SEGMENTATION -> List.of(SEGMENTATION, PICTURES, PICTURE);
                case SURFACE_SEGMENTATION -> List.of(ENCAPSULATED_STL, PICTURES, PICTURE);
                case STRUCTURED_REPORT -> List.of(ENCAPSULATED_PDF, PICTURES, PICTURE);
                case SEGMENTATION, ENCAPSULATED_STL, ENCAPSULATED_PDF -> List.of(PICTURES, PICTURE);
                case PICTURES -> List.of(PICTURE);
                case PICTURE, KEY_OBJECT_SELECTION -> List.of();
            };
        }

        /** The name of its SOP class, for sentences. */
        public String words() {
            return words;
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

        /** Whether it is about segments: there is none where nothing was measured. */
        boolean ofSegments() {
            return switch (this) {
                case SEGMENTATION, LABEL_MAP_SEGMENTATION, SURFACE_SEGMENTATION, ENCAPSULATED_STL ->
                        true;
                default -> false;
            };
        }

        /** Whether it holds the page of the result or parts of it. */
        boolean ofPage() {
            return this == ENCAPSULATED_PDF || this == PICTURES || this == PICTURE;
        }

        /** Whether it has pixels, so that documents refer to it as an image. */
        boolean image() {
            return switch (this) {
                case SEGMENTATION, LABEL_MAP_SEGMENTATION, PICTURES, PICTURE -> true;
                default -> false;
            };
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
