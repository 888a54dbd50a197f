package org.negvol.report;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/**
 * Writes pictures of a result as Secondary Capture (PS3.3 A.8.1, A.8.5) in true colour: what every
 * PACS shows, also those that know neither Segmentation nor Structured Report.
 */
final class SecondaryCaptureWriter {

    private final CommonModules modules;

    SecondaryCaptureWriter(CommonModules modules) {
        this.modules = modules;
    }

    /** The page alone, for systems that take no multi-frame Secondary Capture. */
    ResultObject page(BufferedImage page) {
        Attributes ds = start(ResultObject.Kind.PICTURE);
        pixels(ds, List.of(page));
        return new ResultObject(ResultObject.Kind.PICTURE, ds);
    }

    /**
     * Several pictures of one size, one a frame.
     *
     * @param frames at least one
     */
    ResultObject pictures(List<BufferedImage> frames) {
        Attributes ds = start(ResultObject.Kind.PICTURES);
        ds.setInt(Tag.NumberOfFrames, VR.IS, frames.size());
        // One frame has no place among others, and dciodvfy takes a pointer for an error then.
        if (frames.size() > 1) {
            ds.setInt(Tag.FrameIncrementPointer, VR.AT, Tag.PageNumberVector);
            ds.setString(
                    Tag.PageNumberVector,
                    VR.IS,
                    IntStream.rangeClosed(1, frames.size())
                            .mapToObj(Integer::toString)
                            .toArray(String[]::new));
        }
        pixels(ds, frames);
        return new ResultObject(ResultObject.Kind.PICTURES, ds);
    }

    private Attributes start(ResultObject.Kind kind) {
        Attributes ds = modules.start(kind);
        ds.setString(Tag.ConversionType, VR.CS, "WSD");
        // Both sides are on it.
        ds.setString(Tag.BodyPartExamined, VR.CS, "HEAD");
        ds.setString(Tag.ImageType, VR.CS, "DERIVED", "SECONDARY");
        ds.setNull(Tag.PatientOrientation, VR.CS);
        ds.setString(Tag.ImageComments, VR.LT, ResultWords.INTENDED_USE);
        ds.setString(Tag.DerivationDescription, VR.ST, "Page of " + ResultWords.ALGORITHM);
        // The page names the scan and not the patient.
        ds.setString(Tag.BurnedInAnnotation, VR.CS, "NO");
        ds.setString(Tag.LossyImageCompression, VR.CS, "00");
        return ds;
    }

    private static void pixels(Attributes ds, List<BufferedImage> frames) {
        ds.setInt(Tag.SamplesPerPixel, VR.US, 3);
        ds.setString(Tag.PhotometricInterpretation, VR.CS, "RGB");
        ds.setInt(Tag.PlanarConfiguration, VR.US, 0);
        ds.setInt(Tag.Rows, VR.US, frames.getFirst().getHeight());
        ds.setInt(Tag.Columns, VR.US, frames.getFirst().getWidth());
        ds.setInt(Tag.BitsAllocated, VR.US, 8);
        ds.setInt(Tag.BitsStored, VR.US, 8);
        ds.setInt(Tag.HighBit, VR.US, 7);
        ds.setInt(Tag.PixelRepresentation, VR.US, 0);
        ds.setBytes(Tag.PixelData, VR.OB, rgb(frames));
    }

    private static byte[] rgb(List<BufferedImage> frames) {
        int width = frames.getFirst().getWidth();
        int height = frames.getFirst().getHeight();
        int size = 3 * width * height * frames.size();
        byte[] bytes = new byte[size + (size & 1)];
        int[] row = new int[width];
        int o = 0;
        for (BufferedImage frame : frames) {
            for (int y = 0; y < height; y++) {
                frame.getRGB(0, y, width, 1, row, 0, width);
                for (int rgb : row) {
                    bytes[o++] = (byte) (rgb >>> 16);
                    bytes[o++] = (byte) (rgb >>> 8);
                    bytes[o++] = (byte) rgb;
                }
            }
        }
        return bytes;
    }
}
