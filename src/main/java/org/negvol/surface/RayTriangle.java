package org.negvol.surface;

/** A ray against a triangle (Möller, Trumbore, J. Graphics Tools 2(1), 1997), from either side. */
final class RayTriangle {

    private RayTriangle() {}

    /**
     * A ray against a triangle of a mesh; see the other method.
     *
     * @param triangle its number
     */
    static double of(
            TriangleMesh mesh,
            int triangle,
            double x,
            double y,
            double z,
            double dx,
            double dy,
            double dz,
            double[] weights) {
        int[] corners = mesh.triangles();
        return of(
                mesh.xyzMm(),
                3 * corners[3 * triangle],
                3 * corners[3 * triangle + 1],
                3 * corners[3 * triangle + 2],
                x,
                y,
                z,
                dx,
                dy,
                dz,
                weights);
    }

    /**
     * @param p coordinates, those of the triangle's corners at a, b and c
     * @param weights receives the barycentric weights of the point met
     * @return distance along the ray in units of its direction; NaN if it passes by
     */
    static double of(
            double[] p,
            int a,
            int b,
            int c,
            double x,
            double y,
            double z,
            double dx,
            double dy,
            double dz,
            double[] weights) {
        double ux = p[b] - p[a];
        double uy = p[b + 1] - p[a + 1];
        double uz = p[b + 2] - p[a + 2];
        double vx = p[c] - p[a];
        double vy = p[c + 1] - p[a + 1];
        double vz = p[c + 2] - p[a + 2];
        double hx = dy * vz - dz * vy;
        double hy = dz * vx - dx * vz;
        double hz = dx * vy - dy * vx;
        double det = ux * hx + uy * hy + uz * hz;
        if (det == 0) {
            return Double.NaN;
        }
        double sx = x - p[a];
        double sy = y - p[a + 1];
        double sz = z - p[a + 2];
        double u = (sx * hx + sy * hy + sz * hz) / det;
        double qx = sy * uz - sz * uy;
        double qy = sz * ux - sx * uz;
        double qz = sx * uy - sy * ux;
        double v = (dx * qx + dy * qy + dz * qz) / det;
        // Slack of a rounding error: a ray through a shared side must meet one of its triangles.
        if (!(u >= -1e-12 && v >= -1e-12 && u + v <= 1 + 1e-12)) {
            return Double.NaN;
        }
        weights[0] = 1 - u - v;
        weights[1] = u;
        weights[2] = v;
        return (vx * qx + vy * qy + vz * qz) / det;
    }
}
