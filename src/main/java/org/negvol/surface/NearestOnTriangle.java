package org.negvol.surface;

/**
 * The point of a triangle that is nearest to a point (Ericson, Real-Time Collision Detection,
 * 5.1.5).
 */
final class NearestOnTriangle {

    private NearestOnTriangle() {}

    /**
     * The nearest point of a triangle of a mesh; see the other method.
     *
     * @param triangle its number
     */
    static double of(
            TriangleMesh mesh, int triangle, double x, double y, double z, double[] weights) {
        int[] corners = mesh.triangles();
        return of(
                mesh.xyzMm(),
                3 * corners[3 * triangle],
                3 * corners[3 * triangle + 1],
                3 * corners[3 * triangle + 2],
                x,
                y,
                z,
                weights);
    }

    /**
     * @param p coordinates, those of the triangle's corners at a, b and c
     * @param weights receives the barycentric weights of the nearest point; exactly zero for the
     *     corners it does not depend on
     * @return squared distance
     */
    static double of(
            double[] p, int a, int b, int c, double x, double y, double z, double[] weights) {
        double ax = p[a];
        double ay = p[a + 1];
        double az = p[a + 2];
        double abx = p[b] - ax;
        double aby = p[b + 1] - ay;
        double abz = p[b + 2] - az;
        double acx = p[c] - ax;
        double acy = p[c + 1] - ay;
        double acz = p[c + 2] - az;
        double apx = x - ax;
        double apy = y - ay;
        double apz = z - az;
        double d1 = abx * apx + aby * apy + abz * apz;
        double d2 = acx * apx + acy * apy + acz * apz;
        double u;
        double v;
        if (d1 <= 0 && d2 <= 0) {
            u = 0;
            v = 0;
        } else {
            double bb = abx * abx + aby * aby + abz * abz;
            double bc = abx * acx + aby * acy + abz * acz;
            double cc = acx * acx + acy * acy + acz * acz;
            double d3 = d1 - bb;
            double d4 = d2 - bc;
            double d5 = d1 - bc;
            double d6 = d2 - cc;
            double vc = d1 * d4 - d3 * d2;
            double vb = d5 * d2 - d1 * d6;
            double va = d3 * d6 - d5 * d4;
            if (d3 >= 0 && d4 <= d3) {
                u = 1;
                v = 0;
            } else if (d6 >= 0 && d5 <= d6) {
                u = 0;
                v = 1;
            } else if (vc <= 0 && d1 >= 0 && d3 <= 0) {
                u = d1 / (d1 - d3);
                v = 0;
            } else if (vb <= 0 && d2 >= 0 && d6 <= 0) {
                u = 0;
                v = d2 / (d2 - d6);
            } else if (va <= 0 && d4 >= d3 && d5 >= d6) {
                v = (d4 - d3) / ((d4 - d3) + (d5 - d6));
                u = 1 - v;
                weights[0] = 0;
                weights[1] = u;
                weights[2] = v;
                return squared(
                        apx - u * abx - v * acx, apy - u * aby - v * acy, apz - u * abz - v * acz);
            } else {
                double sum = va + vb + vc;
                u = vb / sum;
                v = vc / sum;
            }
        }
        weights[0] = 1 - u - v;
        weights[1] = u;
        weights[2] = v;
        return squared(apx - u * abx - v * acx, apy - u * aby - v * acy, apz - u * abz - v * acz);
    }

    private static double squared(double x, double y, double z) {
        return x * x + y * y + z * z;
    }
}
