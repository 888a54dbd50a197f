package org.negvol.report;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/** Panels side by side in rows, all of one height. */
final class PictureSheet {

    /** Grey of what has no value on a map. */
    static final int OPEN_RGB = 0x7C858F;

    private static final int GAP = 10;
    private static final Color BACKGROUND = new Color(0x0E1217);
    private static final Color TEXT = new Color(0xE9EEF3);
    private static final Color MUTED = new Color(0x95A3B1);

    private final int height;
    private final int[] widths;
    private final BufferedImage image;
    private final Graphics2D g;

    PictureSheet(int rows, int height, int... widths) {
        this.height = height;
        this.widths = widths.clone();
        int width = GAP * (widths.length - 1);
        for (int w : widths) {
            width += w;
        }
        image =
                new BufferedImage(
                        width, rows * height + (rows - 1) * GAP, BufferedImage.TYPE_INT_RGB);
        g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(BACKGROUND);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
    }

    Graphics2D graphics() {
        return g;
    }

    /** The finished picture. */
    BufferedImage image() {
        g.dispose();
        return image;
    }

    Rectangle2D panel(int row, int column) {
        int x = 0;
        for (int i = 0; i < column; i++) {
            x += widths[i] + GAP;
        }
        return new Rectangle2D.Double(x, row * (height + GAP), widths[column], height);
    }

    void scene(
            int row,
            int column,
            ScenePicture.Camera camera,
            List<ScenePicture.Layer> layers,
            String title) {
        Rectangle2D place = panel(row, column);
        g.setPaint(
                new GradientPaint(
                        0,
                        (float) place.getMinY(),
                        new Color(0x222B35),
                        0,
                        (float) place.getMaxY(),
                        new Color(0x12171D)));
        g.fill(place);
        BufferedImage scene =
                ScenePicture.render(
                        camera, layers, (int) place.getWidth(), (int) place.getHeight());
        g.drawImage(scene, (int) place.getX(), (int) place.getY(), null);
        g.setColor(TEXT);
        Typeface.SEMIBOLD.draw(g, title, place.getX() + 10, place.getY() + 22, 15);
    }

    /**
     * The scale of colours from 0 to {@code most} mm.
     *
     * @param wideIsBright whether it runs the other way
     */
    void colourBar(int row, int column, double most, String format, boolean wideIsBright) {
        Rectangle2D place = panel(row, column);
        double x = place.getX() + 6;
        double top = place.getY() + 34;
        double length = height - 90;
        for (int i = 0; i < length; i++) {
            double share = 1 - i / (length - 1);
            g.setColor(new Color(ColourScale.rgb(wideIsBright ? 1 - share : share)));
            g.fill(new Rectangle2D.Double(x, top + i, 20, 1.5));
        }
        g.setColor(TEXT);
        Typeface.SEMIBOLD.draw(g, "mm", x, place.getY() + 20, 15);
        for (int i = 0; i <= 5; i++) {
            String text = String.format(Locale.ROOT, format, most * i / 5);
            Typeface.REGULAR.draw(g, text, x + 27, top + length * (1 - i / 5.0) + 5, 15);
        }
    }

    /** A patch below the colour bar for what has no value. */
    void openPatch(int row, int column) {
        Rectangle2D place = panel(row, column);
        double y = place.getMaxY() - 44;
        g.setColor(new Color(OPEN_RGB));
        g.fill(new Rectangle2D.Double(place.getX() + 6, y, 20, 14));
        g.setColor(MUTED);
        Typeface.REGULAR.draw(g, "open", place.getX() + 33, y + 12, 13);
    }
}
