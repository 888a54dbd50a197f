package org.negvol.report;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * One plane of the CT through a point, with the outlines of surfaces, as radiologists hang it:
 * axial seen from the feet, coronal from the front, sagittal from the left, so that the patient's
 * right is at the picture's left and the front at the sagittal picture's left.
 */
final class PlanePicture {

    /**
     * The directions of a picture in patient coordinates, unit vectors square to each other.
     *
     * @param right what runs to the right of the picture
     * @param down what runs down
     */
    record Hanging(Vec3 right, Vec3 down) {
        static final Hanging AXIAL = new Hanging(new Vec3(1, 0, 0), new Vec3(0, 1, 0));
        static final Hanging CORONAL = new Hanging(new Vec3(1, 0, 0), new Vec3(0, 0, -1));
        static final Hanging SAGITTAL = new Hanging(new Vec3(0, 1, 0), new Vec3(0, 0, -1));
    }

    /** Grey of the bone window. */
    record Window(double centreHu, double widthHu) {
        static final Window BONE = new Window(500, 2500);

        int grey(double hu) {
            double share = (hu - centreHu) / widthHu + 0.5;
            return (int) Math.round(255 * Math.clamp(share, 0.0, 1.0));
        }
    }

    private static final Color LABEL = new Color(0xE8EDF2);
    private static final Color MEASURED = new Color(0xFFFFFF);
    private static final Color GUIDE = new Color(255, 255, 255, 150);

    private final Graphics2D g;
    private final Hanging hanging;
    private final Vec3 centre;
    private final double pxPerMm;
    private final double x;
    private final double y;
    private final double width;
    private final double height;

    /**
     * @param g drawn into, inside of the picture alone; its hints are set by the caller
     * @param centre LPS mm of the picture's middle; the plane goes through it
     * @param frame the picture's place in pixels
     */
    PlanePicture(Graphics2D g, Hanging hanging, Vec3 centre, double pxPerMm, Rectangle2D frame) {
        this.g = (Graphics2D) g.create();
        this.g.clip(frame);
        this.hanging = hanging;
        this.centre = centre;
        this.pxPerMm = pxPerMm;
        x = frame.getX();
        y = frame.getY();
        width = frame.getWidth();
        height = frame.getHeight();
    }

    private double px(Vec3 p) {
        return x + width / 2 + pxPerMm * p.minus(centre).dot(hanging.right());
    }

    private double py(Vec3 p) {
        return y + height / 2 + pxPerMm * p.minus(centre).dot(hanging.down());
    }

    /** Distance of a point from the plane, mm. */
    double offPlaneMm(Vec3 p) {
        return Math.abs(p.minus(centre).dot(hanging.right().cross(hanging.down())));
    }

    /** Draws the CT; what lies outside of {@code hu} stays black. */
    void drawCt(ScalarVolume hu, Window window) {
        int w = (int) Math.ceil(width);
        int h = (int) Math.ceil(height);
        BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
        VolumeGeometry grid = hu.geometry();
        Affine toIndex = grid.indexToPatient().inverse();
        for (int row = 0; row < h; row++) {
            Vec3 start = centre.plus(hanging.down().times((row + 0.5 - height / 2) / pxPerMm));
            for (int column = 0; column < w; column++) {
                double mm = (column + 0.5 - width / 2) / pxPerMm;
                Vec3 at = toIndex.apply(start.plus(hanging.right().times(mm)));
                if (inside(at.x(), grid.columns())
                        && inside(at.y(), grid.rows())
                        && inside(at.z(), grid.slices())) {
                    int grey = window.grey(cubic(hu, at));
                    image.setRGB(column, row, grey << 16 | grey << 8 | grey);
                }
            }
        }
        g.drawImage(image, (int) Math.round(x), (int) Math.round(y), null);
    }

    private static boolean inside(double index, int size) {
        return index >= -0.5 && index <= size - 0.5;
    }

    /** Catmull-Rom interpolation: enlarged voxels show no lattice, as linear ones would. */
    private static double cubic(ScalarVolume volume, Vec3 at) {
        VolumeGeometry grid = volume.geometry();
        int i0 = (int) Math.floor(at.x());
        int j0 = (int) Math.floor(at.y());
        int k0 = (int) Math.floor(at.z());
        double fx = at.x() - i0;
        double fy = at.y() - j0;
        double fz = at.z() - k0;
        double sum = 0;
        for (int c = -1; c <= 2; c++) {
            double wz = weight(c, fz);
            int k = Math.clamp(k0 + c, 0, grid.slices() - 1);
            for (int b = -1; b <= 2 && wz != 0; b++) {
                double wyz = weight(b, fy) * wz;
                int j = Math.clamp(j0 + b, 0, grid.rows() - 1);
                for (int a = -1; a <= 2 && wyz != 0; a++) {
                    int i = Math.clamp(i0 + a, 0, grid.columns() - 1);
                    sum += weight(a, fx) * wyz * volume.get(i, j, k);
                }
            }
        }
        return sum;
    }

    private static double weight(int neighbour, double f) {
        return switch (neighbour) {
            case -1 -> f * (-0.5 + f * (1 - 0.5 * f));
            case 0 -> 1 + f * f * (-2.5 + 1.5 * f);
            case 1 -> f * (0.5 + f * (2 - 1.5 * f));
            default -> f * f * (-0.5 + 0.5 * f);
        };
    }

    /** Outlines a surface where the plane cuts it, the inside tinted by {@code fill} of 255. */
    void drawSection(TriangleMesh mesh, SegmentColour colour, int fill, double line) {
        Path2D mm = PlanePictureSection.of(mesh, centre, hanging.right(), hanging.down());
        AffineTransform toPixels = AffineTransform.getTranslateInstance(px(centre), py(centre));
        toPixels.scale(pxPerMm, pxPerMm);
        Shape outline = toPixels.createTransformedShape(mm);
        if (fill > 0) {
            g.setColor(colour.color(fill));
            g.fill(outline);
        }
        g.setStroke(new BasicStroke((float) line, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(colour.color());
        g.draw(outline);
    }

    /**
     * Outlines what a surface encloses in any colour, dashed or not; where the surface passes
     * through itself, what lies within is left out.
     */
    void drawOutline(TriangleMesh mesh, Color colour, double line, boolean dashed) {
        Path2D path = PlanePictureSection.of(mesh, centre, hanging.right(), hanging.down());
        path.setWindingRule(Path2D.WIND_NON_ZERO);
        Area mm = new Area(path);
        AffineTransform toPixels = AffineTransform.getTranslateInstance(px(centre), py(centre));
        toPixels.scale(pxPerMm, pxPerMm);
        g.setStroke(
                new BasicStroke(
                        (float) line,
                        BasicStroke.CAP_ROUND,
                        BasicStroke.JOIN_ROUND,
                        10,
                        dashed ? new float[] {7, 6} : null,
                        0));
        g.setColor(colour);
        g.draw(toPixels.createTransformedShape(mm));
    }

    /** A straight line in space, as its projection on the plane. */
    void drawLine(Vec3 from, Vec3 to, Color colour, double line) {
        g.setStroke(new BasicStroke((float) line, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(colour);
        g.draw(new Line2D.Double(px(from), py(from), px(to), py(to)));
    }

    /**
     * Tints the plane.
     *
     * @param opacity of the tint at a value of the volume, 0 to 1
     * @param voxels whether each voxel is shown as it is; else values are interpolated
     */
    void drawTint(ScalarVolume volume, Color colour, DoubleUnaryOperator opacity, boolean voxels) {
        int w = (int) Math.ceil(width);
        int h = (int) Math.ceil(height);
        BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_ARGB);
        VolumeGeometry grid = volume.geometry();
        Affine toIndex = grid.indexToPatient().inverse();
        int rgb = colour.getRGB() & 0xFFFFFF;
        for (int row = 0; row < h; row++) {
            Vec3 start = centre.plus(hanging.down().times((row + 0.5 - height / 2) / pxPerMm));
            for (int column = 0; column < w; column++) {
                double mm = (column + 0.5 - width / 2) / pxPerMm;
                Vec3 at = toIndex.apply(start.plus(hanging.right().times(mm)));
                if (inside(at.x(), grid.columns())
                        && inside(at.y(), grid.rows())
                        && inside(at.z(), grid.slices())) {
                    double value =
                            voxels
                                    ? volume.sampleIndex(
                                            Math.rint(at.x()), Math.rint(at.y()), Math.rint(at.z()))
                                    : volume.sampleIndex(at.x(), at.y(), at.z());
                    double share = Math.clamp(opacity.applyAsDouble(value), 0.0, 1.0);
                    image.setRGB(column, row, (int) Math.round(255 * share) << 24 | rgb);
                }
            }
        }
        g.drawImage(image, (int) Math.round(x), (int) Math.round(y), null);
    }

    /** A measured distance, drawn as its projection on the plane, with its value in mm. */
    void drawDistance(List<Vec3> line, double valueMm) {
        Vec3 a = line.getFirst();
        Vec3 b = line.getLast();
        double ax = px(a);
        double ay = py(a);
        double bx = px(b);
        double by = py(b);
        g.setStroke(new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(MEASURED);
        g.draw(new Line2D.Double(ax, ay, bx, by));
        for (double[] end : new double[][] {{ax, ay}, {bx, by}}) {
            g.fill(new Ellipse2D.Double(end[0] - 2.4, end[1] - 2.4, 4.8, 4.8));
        }
        double length = Math.max(Math.hypot(bx - ax, by - ay), 1e-6);
        String text = String.format(Locale.ROOT, "%.1f", valueMm);
        double size = 14;
        double w = Typeface.SEMIBOLD.width(text, size);
        double cx = bx + (bx - ax) / length * (10 + w / 2);
        double cy = by + (by - ay) / length * 13 + size * 0.36;
        haloed(text, cx - w / 2, cy, size, MEASURED);
    }

    private void haloed(String text, double tx, double ty, double size, Color colour) {
        Graphics2D halo = (Graphics2D) g.create();
        halo.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.55f));
        halo.setColor(Color.BLACK);
        for (int i = 0; i < 8; i++) {
            double a = Math.PI / 4 * i;
            Typeface.SEMIBOLD.draw(
                    halo, text, tx + 1.3 * Math.cos(a), ty + 1.3 * Math.sin(a), size);
        }
        halo.dispose();
        g.setColor(colour);
        Typeface.SEMIBOLD.draw(g, text, tx, ty, size);
    }

    /** Where another plane, through the same point, cuts this one: a short line at either edge. */
    void drawTrace(Hanging other) {
        Vec3 normal = hanging.right().cross(hanging.down());
        Vec3 trace = normal.cross(other.right().cross(other.down())).normalised();
        double dx = trace.dot(hanging.right());
        double dy = trace.dot(hanging.down());
        double cx = x + width / 2;
        double cy = y + height / 2;
        double reach =
                Math.min(
                        width / 2 / Math.max(Math.abs(dx), 1e-9),
                        height / 2 / Math.max(Math.abs(dy), 1e-9));
        g.setStroke(new BasicStroke(1.4f));
        g.setColor(GUIDE);
        for (double s : new double[] {-1, 1}) {
            double from = s * (reach - 11);
            double to = s * reach;
            g.draw(new Line2D.Double(cx + from * dx, cy + from * dy, cx + to * dx, cy + to * dy));
        }
    }

    /** Name of the plane, and the directions of the patient at its edges. */
    void drawLabels(String title) {
        double cx = x + width / 2;
        double cy = y + height / 2;
        double size = 17;
        haloed(title, x + 10, y + 22, 15, LABEL);
        haloed(letter(hanging.down().times(-1)), cx + 9, y + 21, size, LABEL);
        haloed(letter(hanging.down()), cx + 9, y + height - 9, size, LABEL);
        haloed(letter(hanging.right().times(-1)), x + 9, cy - 8, size, LABEL);
        String right = letter(hanging.right());
        haloed(right, x + width - 9 - Typeface.SEMIBOLD.width(right, size), cy - 8, size, LABEL);
    }

    /** The side of the patient that a direction points to most. */
    static String letter(Vec3 d) {
        double ax = Math.abs(d.x());
        double ay = Math.abs(d.y());
        double az = Math.abs(d.z());
        if (ax >= ay && ax >= az) {
            return d.x() > 0 ? "L" : "R";
        }
        if (ay >= az) {
            return d.y() > 0 ? "P" : "A";
        }
        return d.z() > 0 ? "S" : "I";
    }

    /** A bar of a round number of millimetres at the lower right. */
    void drawScale() {
        double mm = 10;
        while (mm * pxPerMm > width / 2) {
            mm /= 2;
        }
        while (mm * pxPerMm < width / 8) {
            mm *= mm == 20 ? 2.5 : 2;
        }
        double right = x + width - 12;
        double left = right - mm * pxPerMm;
        double bar = y + height - 12;
        Path2D p = new Path2D.Double();
        p.moveTo(left, bar - 5);
        p.lineTo(left, bar);
        p.lineTo(right, bar);
        p.lineTo(right, bar - 5);
        g.setColor(new Color(0, 0, 0, 140));
        g.setStroke(new BasicStroke(4f));
        g.draw(p);
        g.setColor(LABEL);
        g.setStroke(new BasicStroke(1.8f));
        g.draw(p);
        String text = mm == Math.rint(mm) ? (int) mm + " mm" : mm + " mm";
        double w = Typeface.SEMIBOLD.width(text, 13);
        haloed(text, (left + right) / 2 - w / 2, bar - 7, 13, LABEL);
    }

    void dispose() {
        g.dispose();
    }
}
