package org.negvol.report;

import java.awt.image.BufferedImage;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/**
 * Writes the page of a result as a Secondary Capture (PS3.3 A.8.1) in true colour: what every PACS
 * shows, also those that know neither Segmentation nor Structured Report.
 */
final class SecondaryCaptureWriter {

    private final CommonModules modules;

    SecondaryCaptureWriter(CommonModules modules) {
        this.modules = modules;
    }

    ResultObject write(BufferedImage page) {
        Attributes ds = modules.start(ResultObject.Kind.SECONDARY_CAPTURE);
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
        ds.setInt(Tag.SamplesPerPixel, VR.US, 3);
        ds.setString(Tag.PhotometricInterpretation, VR.CS, "RGB");
        ds.setInt(Tag.PlanarConfiguration, VR.US, 0);
        ds.setInt(Tag.Rows, VR.US, page.getHeight());
        ds.setInt(Tag.Columns, VR.US, page.getWidth());
        ds.setInt(Tag.BitsAllocated, VR.US, 8);
        ds.setInt(Tag.BitsStored, VR.US, 8);
        ds.setInt(Tag.HighBit, VR.US, 7);
        ds.setInt(Tag.PixelRepresentation, VR.US, 0);
        ds.setBytes(Tag.PixelData, VR.OB, rgb(page));
        return new ResultObject(ResultObject.Kind.SECONDARY_CAPTURE, ds);
    }

    private static byte[] rgb(BufferedImage page) {
        int width = page.getWidth();
        int size = 3 * width * page.getHeight();
        byte[] bytes = new byte[size + (size & 1)];
        int[] row = new int[width];
        int o = 0;
        for (int y = 0; y < page.getHeight(); y++) {
            page.getRGB(0, y, width, 1, row, 0, width);
            for (int rgb : row) {
                bytes[o++] = (byte) (rgb >>> 16);
                bytes[o++] = (byte) (rgb >>> 8);
                bytes[o++] = (byte) rgb;
            }
        }
        return bytes;
    }
}
