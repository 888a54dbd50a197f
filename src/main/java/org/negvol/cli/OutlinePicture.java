package org.negvol.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Joints as an evaluation looks at them: axial, coronal and sagittal plane through the condyle with
 * the outlines that were found (condyle blue, temporal bone orange) over those of the truth
 * (green).
 */
final class OutlinePicture {

    private static final int SCALE = 3;
    private static final double BLACK_HU = -300;
    private static final double WHITE_HU = 1500;
    private static final Color TRUTH = new Color(0x35C46A);
    private static final Color CONDYLE = new Color(0x55AAFF);
    private static final Color TEMPORAL = new Color(0xFF9A3C);

    /**
     * One line of the picture.
     *
     * @param middle the point through which the planes run, LPS mm
     * @param truth fields of the true bones on the joint's grid; empty where nobody knows them
     */
    record Row(SegmentedJoint joint, Vec3 middle, List<ScalarVolume> truth) {}

    private OutlinePicture() {}

    static BufferedImage of(List<Row> rows) {
        int width = 1;
        int height = 0;
        for (Row row : rows) {
            VolumeGeometry g = row.joint().hu().geometry();
            width = Math.max(width, SCALE * (2 * g.columns() + g.rows()));
            height += SCALE * Math.max(g.rows(), g.slices());
        }
        BufferedImage image =
                new BufferedImage(width, Math.max(1, height), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        int y = 0;
        for (Row row : rows) {
            y += draw(image, g, y, row);
        }
        g.dispose();
        return image;
    }

    private static int draw(BufferedImage image, Graphics2D g, int y, Row row) {
        SegmentedJoint joint = row.joint();
        VolumeGeometry grid = joint.hu().geometry();
        Vec3 q = grid.toIndex(row.middle());
        int[] at = {
            Math.clamp(Math.round(q.x()), 1, grid.columns() - 2),
            Math.clamp(Math.round(q.y()), 1, grid.rows() - 2),
            Math.clamp(Math.round(q.z()), 1, grid.slices() - 2)
        };
        int x = 0;
        int tallest = 0;
        for (int axis = 2; axis >= 0; axis--) {
            Plane plane = new Plane(grid, axis, at[axis], x, y);
            plane.grey(image, joint.hu());
            for (ScalarVolume truth : row.truth()) {
                plane.outline(g, truth, TRUTH);
            }
            plane.outline(g, joint.temporalMm(), TEMPORAL);
            plane.outline(g, joint.condyleMm(), CONDYLE);
            x += SCALE * plane.width();
            tallest = Math.max(tallest, SCALE * plane.height());
        }
        return tallest;
    }

    /** A plane of voxels; up is the head, or the front. */
    private record Plane(VolumeGeometry grid, int axis, int at, int x, int y) {

        int width() {
            return axis == 0 ? grid.rows() : grid.columns();
        }

        int height() {
            return axis == 2 ? grid.rows() : grid.slices();
        }

        private float value(ScalarVolume v, int u, int w) {
            return switch (axis) {
                case 0 -> v.get(at, u, grid.slices() - 1 - w);
                case 1 -> v.get(u, at, grid.slices() - 1 - w);
                default -> v.get(u, w, at);
            };
        }

        void grey(BufferedImage image, ScalarVolume hu) {
            for (int w = 0; w < height() * SCALE; w++) {
                for (int u = 0; u < width() * SCALE; u++) {
                    double v = value(hu, Math.floorDiv(u, SCALE), Math.floorDiv(w, SCALE));
                    int c = (int) Math.clamp(255 * (v - BLACK_HU) / (WHITE_HU - BLACK_HU), 0, 255);
                    image.setRGB(x + u, y + w, c * 0x010101);
                }
            }
        }

        /** Marching squares, the saddle cut either way: it is looked at, not measured. */
        void outline(Graphics2D g, ScalarVolume field, Color colour) {
            g.setColor(colour);
            for (int w = 0; w + 1 < height(); w++) {
                for (int u = 0; u + 1 < width(); u++) {
                    float[] corner = {
                        value(field, u, w),
                        value(field, u + 1, w),
                        value(field, u + 1, w + 1),
                        value(field, u, w + 1)
                    };
                    double[] ends = new double[8];
                    int n = 0;
                    for (int side = 0; side < 4; side++) {
                        float a = corner[side];
                        float b = corner[(side + 1) % 4];
                        if (a < 0 == b < 0) {
                            continue;
                        }
                        double t = a / (a - b);
                        double[] du = {t, 1, 1 - t, 0};
                        double[] dw = {0, t, 1, 1 - t};
                        ends[n++] = x + SCALE * (u + 0.5 + du[side]);
                        ends[n++] = y + SCALE * (w + 0.5 + dw[side]);
                    }
                    for (int e = 0; e + 3 < n; e += 4) {
                        g.draw(new Line2D.Double(ends[e], ends[e + 1], ends[e + 2], ends[e + 3]));
                    }
                }
            }
        }
    }
}
