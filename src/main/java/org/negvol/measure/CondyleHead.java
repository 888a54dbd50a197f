package org.negvol.measure;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/**
 * Where the centre and the long axis of a condylar head are.
 *
 * <p>The centre is that of the ellipsoid fitted to the top {@value #HEAD_END_MM} mm of the head,
 * the part that articulates. It does not depend on where the neck was cut; wear of the top, pits
 * and osteophytes do not move it (steep parts of the surface weigh more than level ones, and {@link
 * EllipsoidFit} is robust). On a real condyle the surface alone does not tell how high the top
 * stands above the centre, since lip and neck blur the greatest width; what is typical ({@link
 * #TYPICAL}) decides along with it, the more the less the head is an ellipsoid. The long axis is
 * that of the ellipsoid's shadow on the axial plane: the line through the poles as an axial view
 * shows it.
 *
 * @param frame the condyle's coordinates, null where there is none
 * @param longAxisKnown whether the head is long enough in one direction to have a long axis; if
 *     not, the frame's is the patient's left-right axis
 * @param problem why there is no frame, else empty
 */
record CondyleHead(@Nullable JointFrame frame, boolean longAxisKnown, String problem) {

    /**
     * Typical half width, half depth and height above the centre of a condylar head, mm, and the
     * standard deviations of their logarithms: widths 18.5 ± 2.3 mm (Hindawi JHE 2017), depths 8.7
     * ± 1.6 mm and tops 5.5 ± 0.7 mm above the greatest width. Sideways the bone shows its size
     * itself; how high its top stands above its greatest width it shows badly, because the neck's
     * back runs straight up into the head.
     */
    private static final EllipsoidFit.Prior TYPICAL =
            new EllipsoidFit.Prior(
                    new Vec3(9.25, 4.35, 5.5),
                    new Vec3(0.25, 0.2, 0.12),
                    new Vec3(0.15, 0.15, 0.35));

    /** Down to here below the top the head's shape counts in full, mm. */
    private static final double HEAD_MM = 5;

    /** And from here on not at all: above every cut of the neck. */
    private static final double HEAD_END_MM = 8;

    /** Surfaces whose normal rises less than this (sine) count less: they may be neck. */
    private static final double RISING = 0.2;

    private static final int MOST_POINTS = 2000;

    /** Horizontal area above the level that counts as the top, mm²: a spike is no top. */
    private static final double TOP_AREA_MM2 = 1;

    /** A head whose median point lies further than this from any ellipsoid is no head. */
    private static final double LARGEST_RESIDUAL_MM = 1.5;

    /** Half widths, depths and heights of real condyles lie well within this. */
    private static final double SMALLEST_RADIUS_MM = 1.5;

    private static final double LARGEST_RADIUS_MM = 20;

    /** Below this ratio of the two extents a head is round and has no long axis. */
    private static final double LEAST_ELONGATION = 1.08;

    /** Long axes turn by 0° to 40°; one beyond this is the short axis of an odd head. */
    private static final double LARGEST_ANGLE_DEGREES = 60;

    /**
     * @param distance the condyle's surface; null if there is none
     * @param normals its normals
     */
    static CondyleHead of(
            Side side, @Nullable MeshDistance distance, MeshNormals normals, PatientAxes axes) {
        if (distance == null) {
            return none("there is no condyle above the neck's cut");
        }
        TriangleMesh condyle = distance.mesh();
        Vec3 up = axes.superior();
        Vec3 out = side == Side.LEFT ? axes.left() : axes.left().times(-1);
        double top = top(condyle, normals, up);
        int[] upper = upperVertices(condyle, normals, up, top - HEAD_END_MM);
        if (upper.length < 30) {
            return none("the condyle above the neck's cut is a few voxels only");
        }
        EllipsoidFit fit = fit(condyle, normals, upper, out, axes.posterior(), up, top);
        Vec3 centre = fit.centre();
        if (!(fit.residualMm() < LARGEST_RESIDUAL_MM)
                || !centre.isFinite()
                || distance.signedDistanceMm(centre) >= 0) {
            return none("the condyle's upper half has not the shape of a condylar head");
        }
        OptionalDouble angle = shadowAngle(fit, out, axes.posterior());
        boolean known =
                angle.isPresent()
                        && Math.abs(Math.toDegrees(angle.getAsDouble())) < LARGEST_ANGLE_DEGREES;
        // The long axis runs from the lateral pole in front to the medial pole further back.
        double a = known ? -angle.getAsDouble() : 0;
        Vec3 lateral = out.times(Math.cos(a)).minus(axes.posterior().times(Math.sin(a)));
        Vec3 posterior = out.times(Math.sin(a)).plus(axes.posterior().times(Math.cos(a)));
        Rays rays = new Rays(distance, normals);
        double width = extent(rays, centre, lateral) + extent(rays, centre, lateral.times(-1));
        double depth = extent(rays, centre, posterior) + extent(rays, centre, posterior.times(-1));
        double height = extent(rays, centre, up);
        if (!plausible(width / 2) || !plausible(depth / 2) || !plausible(height)) {
            return none(
                    "a condylar head of %.1f × %.1f × %.1f mm (width, depth, height) is none"
                            .formatted(width, depth, height));
        }
        return new CondyleHead(
                new JointFrame(centre, lateral, posterior, up, width / 2, depth / 2, height),
                known,
                "");
    }

    /**
     * Angle in radians from {@code ex} towards {@code ey} of the longer axis of the fitted
     * ellipsoid's shadow on the axial plane; empty for a round one.
     */
    private static OptionalDouble shadowAngle(EllipsoidFit fit, Vec3 ex, Vec3 ey) {
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < 3; i++) {
            double r = fit.radius(i) * fit.radius(i);
            double x = fit.axis(i).dot(ex);
            double y = fit.axis(i).dot(ey);
            xx += r * x * x;
            xy += r * x * y;
            yy += r * y * y;
        }
        double half = (xx + yy) / 2;
        double d = Math.hypot((xx - yy) / 2, xy);
        boolean round = half + d < LEAST_ELONGATION * LEAST_ELONGATION * (half - d);
        return round
                ? OptionalDouble.empty()
                : OptionalDouble.of(0.5 * Math.atan2(2 * xy, xx - yy));
    }

    private static CondyleHead none(String problem) {
        return new CondyleHead(null, false, problem);
    }

    private static boolean plausible(double radius) {
        return radius >= SMALLEST_RADIUS_MM && radius <= LARGEST_RADIUS_MM;
    }

    private static double extent(Rays rays, Vec3 centre, Vec3 direction) {
        Vec3 p = rays.last(centre, direction, 2 * LARGEST_RADIUS_MM);
        return p == null ? Double.NaN : p.distanceTo(centre);
    }

    /** The level above which {@value #TOP_AREA_MM2} mm² of the surface lie, seen from above. */
    private static double top(TriangleMesh condyle, MeshNormals normals, Vec3 up) {
        int n = condyle.vertexCount();
        long[] order = new long[n];
        double[] height = new double[n];
        double highest = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < n; v++) {
            height[v] = condyle.vertex(v).dot(up);
            highest = Math.max(highest, height[v]);
        }
        // Micrometres below the highest point, so that whole numbers sort by height.
        for (int v = 0; v < n; v++) {
            order[v] = Math.round(1000 * (highest - height[v])) << 32 | v;
        }
        java.util.Arrays.sort(order);
        double area = 0;
        for (long o : order) {
            int v = (int) o;
            area += normals.areaMm2[v] * Math.max(0, normals.normal(v).dot(up));
            if (area > TOP_AREA_MM2) {
                return height[v];
            }
        }
        return highest;
    }

    /** Vertices above a level that face upwards; every so-manieth where there are many. */
    private static int[] upperVertices(
            TriangleMesh condyle, MeshNormals normals, Vec3 up, double level) {
        int[] found = new int[condyle.vertexCount()];
        int n = 0;
        for (int v = 0; v < found.length; v++) {
            if (normals.normal(v).dot(up) > 0 && condyle.vertex(v).dot(up) > level) {
                found[n++] = v;
            }
        }
        int stride = Math.max(1, n / MOST_POINTS);
        int[] out = new int[n / stride];
        for (int i = 0; i < out.length; i++) {
            out[i] = found[i * stride];
        }
        return out;
    }

    private static double smoothStep(double x) {
        double t = Math.clamp(x, 0.0, 1.0);
        return t * t * (3 - 2 * t);
    }

    private static EllipsoidFit fit(
            TriangleMesh condyle,
            MeshNormals normals,
            int[] vertices,
            Vec3 out,
            Vec3 posterior,
            Vec3 up,
            double top) {
        double[] points = new double[3 * vertices.length];
        double[] weights = new double[vertices.length];
        double sum = 0;
        double mx = 0;
        double my = 0;
        double mz = 0;
        for (int i = 0; i < vertices.length; i++) {
            int v = vertices[i];
            System.arraycopy(condyle.xyzMm(), 3 * v, points, 3 * i, 3);
            double level = normals.normal(v).dot(up);
            double steep = 1 - level * level;
            double depth = top - condyle.vertex(v).dot(up);
            double head =
                    smoothStep((HEAD_END_MM - depth) / (HEAD_END_MM - HEAD_MM))
                            * smoothStep(level / RISING);
            double w = normals.areaMm2[v] * head;
            weights[i] = w * steep * steep;
            sum += w;
            mx += w * points[3 * i];
            my += w * points[3 * i + 1];
            mz += w * points[3 * i + 2];
        }
        Vec3 mean = new Vec3(mx, my, mz).times(1 / sum);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < vertices.length; i++) {
            Vec3 d = new Vec3(points[3 * i], points[3 * i + 1], points[3 * i + 2]).minus(mean);
            double x = d.dot(out);
            double y = d.dot(posterior);
            xx += weights[i] * x * x;
            xy += weights[i] * x * y;
            yy += weights[i] * y * y;
        }
        double angle = 0.5 * Math.atan2(2 * xy, xx - yy);
        Vec3 ex = out.times(Math.cos(angle)).plus(posterior.times(Math.sin(angle)));
        Vec3 ey = posterior.times(Math.cos(angle)).minus(out.times(Math.sin(angle)));
        Vec3 start = mean.plus(up.times(top - TYPICAL.radiiMm().z() - mean.dot(up)));
        return EllipsoidFit.of(points, weights, start, TYPICAL, new Vec3[] {ex, ey, up});
    }
}
