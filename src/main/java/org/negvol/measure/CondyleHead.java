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
 * <p>The centre is that of the ellipsoid fitted to the head's upper half, the part that
 * articulates; it does not depend on where the neck was cut, and wear of the top, pits and
 * osteophytes do not move it (steep parts of the surface weigh more than level ones, and {@link
 * EllipsoidFit} is robust). The long axis is that of the ellipsoid's shadow on the axial plane: the
 * line through the poles as an axial view shows it.
 *
 * @param frame the condyle's coordinates, null where there is none
 * @param longAxisKnown whether the head is long enough in one direction to have a long axis; if
 *     not, the frame's is the patient's left-right axis
 * @param problem why there is no frame, else empty
 */
record CondyleHead(@Nullable JointFrame frame, boolean longAxisKnown, String problem) {

    /** Typical half width, half depth and height of a condylar head, mm; start of the fit. */
    private static final double[] TYPICAL_RADII = {9, 4.5, 5.5};

    /** Depth below the top within which the head's shape is looked for. */
    private static final double HEAD_MM = 9;

    private static final int MOST_POINTS = 1200;

    /** A head whose median point lies further than this from any ellipsoid is no head. */
    private static final double LARGEST_RESIDUAL_MM = 1.5;

    /** Half widths, depths and heights of real condyles lie well within this. */
    private static final double SMALLEST_RADIUS_MM = 1.5;

    private static final double LARGEST_RADIUS_MM = 20;

    /** Below this ratio of the two extents a head is round and has no long axis. */
    private static final double LEAST_ELONGATION = 1.08;

    /** Long axes turn by 0° to 40°; one beyond this is the short axis of an odd head. */
    private static final double LARGEST_ANGLE_DEGREES = 60;

    static CondyleHead of(Side side, TriangleMesh condyle, MeshNormals normals, PatientAxes axes) {
        if (condyle.triangleCount() == 0) {
            return none("there is no condyle above the neck's cut");
        }
        Vec3 up = axes.superior();
        Vec3 out = side == Side.LEFT ? axes.left() : axes.left().times(-1);
        double top = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < condyle.vertexCount(); v++) {
            top = Math.max(top, condyle.vertex(v).dot(up));
        }
        int[] upper = upperVertices(condyle, normals, up, top - HEAD_MM, 0.1);
        if (upper.length < 30) {
            return none("the condyle above the neck's cut is a few voxels only");
        }
        EllipsoidFit fit = fit(condyle, normals, upper, out, axes.posterior(), up, top);
        // Once more with exactly the upper half of what was found.
        upper = upperVertices(condyle, normals, up, fit.centre().dot(up), 0.02);
        if (upper.length >= 30) {
            fit = fit(condyle, normals, upper, out, axes.posterior(), up, top);
        }
        Vec3 centre = fit.centre();
        MeshDistance distance = MeshDistance.of(condyle);
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

    /** Vertices above a level that face upwards; every so-manieth where there are many. */
    private static int[] upperVertices(
            TriangleMesh condyle, MeshNormals normals, Vec3 up, double level, double facing) {
        int[] found = new int[condyle.vertexCount()];
        int n = 0;
        for (int v = 0; v < found.length; v++) {
            if (normals.normal(v).dot(up) > facing && condyle.vertex(v).dot(up) > level) {
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
            double w = normals.areaMm2[v];
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
        Vec3 start = mean.plus(up.times(top - TYPICAL_RADII[2] - mean.dot(up)));
        return EllipsoidFit.of(points, weights, start, TYPICAL_RADII, new Vec3[] {ex, ey, up});
    }
}
