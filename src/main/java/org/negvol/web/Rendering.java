package org.negvol.web;

import jakarta.ws.rs.BadRequestException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;

/** A frame as a picture for the eye (PS3.18 8.3.5): grey through a window, or red, green, blue. */
final class Rendering {

    private Rendering() {}

    /**
     * The window through which grey values are seen (PS3.3 C.11.2.1.2), after the modality's
     * look-up.
     */
    record Window(double centre, double width) {

        /** Reads {@code centre,width,function} of a request; null if it has none. */
        static @Nullable Window parse(@Nullable String text) {
            if (text == null) {
                return null;
            }
            String[] parts = text.split(",", -1);
            try {
                double width = parts.length == 3 ? Double.parseDouble(parts[1]) : -1;
                if (width >= 1 && parts[2].strip().equalsIgnoreCase("linear")) {
                    return new Window(Double.parseDouble(parts[0]), width);
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new BadRequestException(
                    "window must be centre,width,linear with a width of 1 at least.");
        }
    }

    /**
     * Writes a frame.
     *
     * @param format {@code png} or {@code jpeg}
     * @param asked null for the image's own window, or all its values if it has none
     */
    static void write(
            StoredInstance.Picture picture, @Nullable Window asked, String format, OutputStream out)
            throws IOException {
        if (!ImageIO.write(image(picture, asked), format, out)) {
            throw new IOException("no writer for " + format);
        }
    }

    private static BufferedImage image(StoredInstance.Picture picture, @Nullable Window asked) {
        Attributes header = picture.header();
        int rows = header.getInt(Tag.Rows, 0);
        int columns = header.getInt(Tag.Columns, 0);
        return header.getInt(Tag.SamplesPerPixel, 1) == 3
                ? coloured(header, picture.pixels(), rows, columns)
                : grey(header, picture.pixels(), rows, columns, asked);
    }

    private static BufferedImage coloured(Attributes header, byte[] p, int rows, int columns) {
        BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
        boolean planar = header.getInt(Tag.PlanarConfiguration, 0) == 1;
        int pixels = rows * columns;
        for (int i = 0; i < pixels; i++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                rgb = (rgb << 8) | (p[planar ? c * pixels + i : 3 * i + c] & 0xFF);
            }
            image.setRGB(i % columns, i / columns, rgb);
        }
        return image;
    }

    private static BufferedImage grey(
            Attributes header, byte[] p, int rows, int columns, @Nullable Window asked) {
        double[] values = values(header, p, rows * columns);
        Window window = asked != null ? asked : own(header, values);
        boolean inverse = header.getString(Tag.PhotometricInterpretation, "").equals("MONOCHROME1");
        BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_BYTE_GRAY);
        byte[] grey = new byte[values.length];
        for (int i = 0; i < grey.length; i++) {
            double v = 0.5 + (values[i] - (window.centre - 0.5)) / Math.max(1, window.width - 1);
            int g = (int) Math.round(255 * Math.clamp(v, 0, 1));
            grey[i] = (byte) (inverse ? 255 - g : g);
        }
        image.getRaster().setDataElements(0, 0, columns, rows, grey);
        return image;
    }

    private static Window own(Attributes header, double[] values) {
        double width = header.getDouble(Tag.WindowWidth, 0);
        if (width >= 1) {
            return new Window(header.getDouble(Tag.WindowCenter, 0), width);
        }
        double low = Double.MAX_VALUE;
        double high = -Double.MAX_VALUE;
        for (double v : values) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        return new Window((low + high + 1) / 2, Math.max(2, high - low + 1));
    }

    private static double[] values(Attributes header, byte[] p, int pixels) {
        int bits = header.getInt(Tag.BitsAllocated, 16);
        int stored = header.getInt(Tag.BitsStored, bits);
        boolean signed = header.getInt(Tag.PixelRepresentation, 0) == 1;
        double slope = header.getDouble(Tag.RescaleSlope, 1);
        double intercept = header.getDouble(Tag.RescaleIntercept, 0);
        double[] values = new double[pixels];
        for (int i = 0; i < pixels; i++) {
            int v =
                    switch (bits) {
                        case 1 -> (p[i / 8] >> (i % 8)) & 1;
                        case 8 -> p[i] & 0xFF;
                        default -> ((p[2 * i + 1] & 0xFF) << 8) | (p[2 * i] & 0xFF);
                    };
            if (signed && stored < 32) {
                v = v << (32 - stored) >> (32 - stored);
            }
            values[i] = bits == 1 ? v : slope * v + intercept;
        }
        return values;
    }
}
