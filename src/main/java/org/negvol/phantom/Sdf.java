package org.negvol.phantom;

/** Signed distances in mm (negative inside) of simple bodies, and their smooth combinations. */
final class Sdf {

    private Sdf() {}

    /** Union of two bodies; edges between them are rounded over {@code k} mm. */
    static double smoothMin(double a, double b, double k) {
        double h = k - Math.abs(a - b);
        double m = Math.min(a, b);
        return h <= 0 ? m : m - h * h / (4 * k);
    }

    /** Intersection of two bodies; edges between them are rounded over {@code k} mm. */
    static double smoothMax(double a, double b, double k) {
        double h = k - Math.abs(a - b);
        double m = Math.max(a, b);
        return h <= 0 ? m : m + h * h / (4 * k);
    }

    /** Ellipsoid about the origin; exact on its axes, of first order elsewhere. */
    static double ellipsoid(double x, double y, double z, double rx, double ry, double rz) {
        double ax = x / rx;
        double ay = y / ry;
        double az = z / rz;
        double k0 = Math.sqrt(ax * ax + ay * ay + az * az);
        if (k0 < 1e-6) {
            return -Math.min(rx, Math.min(ry, rz));
        }
        double bx = ax / rx;
        double by = ay / ry;
        double bz = az / rz;
        return k0 * (k0 - 1) / Math.sqrt(bx * bx + by * by + bz * bz);
    }

    /** Capsule from a to b whose radius runs from ra to rb. */
    static double capsule(
            double x,
            double y,
            double z,
            double ax,
            double ay,
            double az,
            double bx,
            double by,
            double bz,
            double ra,
            double rb) {
        double dx = bx - ax;
        double dy = by - ay;
        double dz = bz - az;
        double px = x - ax;
        double py = y - ay;
        double pz = z - az;
        double t = Math.clamp((px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz), 0, 1);
        double ex = px - t * dx;
        double ey = py - t * dy;
        double ez = pz - t * dz;
        return Math.sqrt(ex * ex + ey * ey + ez * ez) - (ra + (rb - ra) * t);
    }

    /** Box about the origin with half lengths hx, hy, hz and edges rounded by r. */
    static double box(double x, double y, double z, double hx, double hy, double hz, double r) {
        double qx = Math.abs(x) - hx + r;
        double qy = Math.abs(y) - hy + r;
        double qz = Math.abs(z) - hz + r;
        double ox = Math.max(qx, 0);
        double oy = Math.max(qy, 0);
        double oz = Math.max(qz, 0);
        return Math.sqrt(ox * ox + oy * oy + oz * oz)
                + Math.min(Math.max(qx, Math.max(qy, qz)), 0)
                - r;
    }

    /** What is common to a plane outline (distance d2) and a slab (distance ds), edges rounded. */
    static double extrusion(double d2, double ds, double r) {
        double a = Math.max(d2 + r, 0);
        double b = Math.max(ds + r, 0);
        return Math.sqrt(a * a + b * b) + Math.min(Math.max(d2 + r, ds + r), 0) - r;
    }

    /** Closed polygon (x0, y0, x1, y1, …) in the plane. */
    static double polygon(double x, double y, double[] p) {
        int n = p.length / 2;
        double best = Double.MAX_VALUE;
        boolean inside = false;
        for (int i = 0, j = n - 1; i < n; j = i++) {
            double ax = p[2 * i];
            double ay = p[2 * i + 1];
            double ex = p[2 * j] - ax;
            double ey = p[2 * j + 1] - ay;
            double wx = x - ax;
            double wy = y - ay;
            double t = Math.clamp((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1);
            double dx = wx - t * ex;
            double dy = wy - t * ey;
            best = Math.min(best, dx * dx + dy * dy);
            if ((ay > y) != (ay + ey > y) && wx < ex * wy / ey) {
                inside = !inside;
            }
        }
        double d = Math.sqrt(best);
        return inside ? -d : d;
    }

    /** Distance to an open line of points (x0, y0, x1, y1, …) in the plane. */
    static double polyline(double x, double y, double[] p) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i + 3 < p.length; i += 2) {
            double ex = p[i + 2] - p[i];
            double ey = p[i + 3] - p[i + 1];
            double wx = x - p[i];
            double wy = y - p[i + 1];
            double t = Math.clamp((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1);
            double dx = wx - t * ex;
            double dy = wy - t * ey;
            best = Math.min(best, dx * dx + dy * dy);
        }
        return Math.sqrt(best);
    }

    static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    static double smoothStep(double from, double to, double x) {
        double t = Math.clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }
}
