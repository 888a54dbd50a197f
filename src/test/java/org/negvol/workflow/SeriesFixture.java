package org.negvol.workflow;

import java.util.ArrayList;
import java.util.List;
import org.negvol.EnhancedCtObject;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.workflow.SeriesChoice.Candidate;

/** A CT series by what a choice may depend on; everything else is the same for all. */
record SeriesFixture(
        String uid,
        String frameOfReference,
        int slices,
        double spacingMm,
        String kernel,
        String imageType,
        String bodyPart,
        int missing) {

    static SeriesFixture axial(String uid, double spacingMm) {
        return new SeriesFixture(
                uid, "1.9", 20, spacingMm, "STANDARD", "ORIGINAL\\PRIMARY\\AXIAL", "HEAD", -1);
    }

    SeriesFixture frame(String value) {
        return new SeriesFixture(
                uid, value, slices, spacingMm, kernel, imageType, bodyPart, missing);
    }

    SeriesFixture slices(int value) {
        return new SeriesFixture(
                uid, frameOfReference, value, spacingMm, kernel, imageType, bodyPart, missing);
    }

    SeriesFixture kernel(String value) {
        return new SeriesFixture(
                uid, frameOfReference, slices, spacingMm, value, imageType, bodyPart, missing);
    }

    SeriesFixture type(String value) {
        return new SeriesFixture(
                uid, frameOfReference, slices, spacingMm, kernel, value, bodyPart, missing);
    }

    SeriesFixture part(String value) {
        return new SeriesFixture(
                uid, frameOfReference, slices, spacingMm, kernel, imageType, value, missing);
    }

    /** Without the slice of this number. */
    SeriesFixture without(int slice) {
        return new SeriesFixture(
                uid, frameOfReference, slices, spacingMm, kernel, imageType, bodyPart, slice);
    }

    SeriesFixture localizer() {
        return type("ORIGINAL\\PRIMARY\\LOCALIZER").slices(1);
    }

    Candidate candidate() {
        List<CtImage> images = new ArrayList<>();
        for (int k = 0; k < slices; k++) {
            if (k != missing) {
                images.add(CtImage.of(header(k), uid + "/" + k));
            }
        }
        return Candidate.of(images);
    }

    /** The series as the frames of so many multi-frame objects, which are one concatenation. */
    Candidate enhanced(int objects, boolean isConcatenation) {
        List<CtImage> images = new ArrayList<>();
        int frames = slices / objects;
        for (int o = 0; o < objects; o++) {
            List<Attributes> part = new ArrayList<>();
            for (int k = o * frames; k < (o + 1) * frames; k++) {
                part.add(header(k).setBytes(Tag.PixelData, VR.OW, new byte[0]));
            }
            Attributes object = EnhancedCtObject.of(part);
            if (isConcatenation) {
                object.setString(Tag.ConcatenationUID, VR.UI, uid + ".99")
                        .setInt(Tag.InConcatenationNumber, VR.US, o + 1)
                        .setInt(Tag.InConcatenationTotalNumber, VR.US, objects);
            }
            images.addAll(CtImage.all(object, uid + "/" + o));
        }
        return Candidate.of(images);
    }

    private Attributes header(int k) {
        return new Attributes()
                .setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage)
                .setString(Tag.SOPInstanceUID, VR.UI, uid + "." + (k + 1))
                .setString(Tag.SeriesInstanceUID, VR.UI, uid)
                .setString(Tag.StudyInstanceUID, VR.UI, "1.1")
                .setString(Tag.FrameOfReferenceUID, VR.UI, frameOfReference)
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.ImageType, VR.CS, imageType.split("\\\\"))
                .setString(Tag.BodyPartExamined, VR.CS, bodyPart)
                .setString(Tag.ConvolutionKernel, VR.SH, kernel)
                .setInt(Tag.Rows, VR.US, 64)
                .setInt(Tag.Columns, VR.US, 64)
                .setDouble(Tag.PixelSpacing, VR.DS, 0.5, 0.5)
                .setDouble(Tag.ImageOrientationPatient, VR.DS, 1, 0, 0, 0, 1, 0)
                .setDouble(Tag.ImagePositionPatient, VR.DS, 0, 0, k * spacingMm);
    }
}
