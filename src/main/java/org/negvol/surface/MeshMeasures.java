package org.negvol.surface;

import org.negvol.volume.Vec3;

/**
 * Size and soundness of a triangle mesh.
 *
 * @param volumeMm3 enclosed volume by the divergence theorem, exact for the mesh up to rounding:
 *     {@code Σ a · (b × c) / 6} over the triangles; positive if they are oriented outwards.
 *     Meaningful for closed meshes only
 * @param areaMm2 sum of the triangles' areas
 * @param centroidMm centre of gravity of the enclosed volume, or of the vertices if it is zero
 * @param closed no side of a triangle is a border
 * @param manifold no side belongs to more than two triangles, and the triangles round every vertex
 *     form one disc (or, at a border, one fan)
 * @param oriented triangles that share a side run through it in opposite directions
 * @param components parts that are connected through sides
 * @param smallestAngleDegrees smallest angle of any triangle
 * @param meanQuality mean over the triangles of {@code 4 √3 area / (a² + b² + c²)}: 1 for
 *     equilateral ones, 0 for needles (Bank, Smith, SIAM J. Numer. Anal. 34, 1997)
 */
public record MeshMeasures(
        double volumeMm3,
        double areaMm2,
        Vec3 centroidMm,
        boolean closed,
        boolean manifold,
        boolean oriented,
        int components,
        double smallestAngleDegrees,
        double meanQuality) {

    /** Linear in the number of triangles. */
    public static MeshMeasures of(TriangleMesh mesh) {
        int n = mesh.triangleCount();
        int[] c = mesh.triangles();
        double[] p = mesh.xyzMm();
        MeshEdges edges = MeshEdges.of(mesh);
        double quality = 0;
        double smallest = n == 0 ? 0 : 60;
        for (int t = 0; t < n; t++) {
            int a = 3 * c[3 * t];
            int b = 3 * c[3 * t + 1];
            int d = 3 * c[3 * t + 2];
            double ab = squared(p, a, b);
            double bd = squared(p, b, d);
            double da = squared(p, d, a);
            double area = mesh.twiceArea(t).norm() / 2;
            quality += area > 0 ? 4 * Math.sqrt(3) * area / (ab + bd + da) : 0;
            double least = Math.min(ab, Math.min(bd, da));
            // The smallest angle lies between the two longer sides.
            double cosine = (ab + bd + da - 2 * least) / (2 * Math.sqrt(ab * bd * da / least));
            double angle = area > 0 ? Math.toDegrees(Math.acos(Math.min(1, cosine))) : 0;
            smallest = Math.min(smallest, angle);
        }
        return new MeshMeasures(
                volumeMm3(mesh),
                areaMm2(mesh),
                centroid(mesh),
                edges.borderSides == 0 && n > 0,
                edges.tangledSides == 0 && discs(mesh, edges),
                edges.tangledSides == 0,
                components(mesh, edges),
                smallest,
                n == 0 ? 0 : quality / n);
    }

    /** Enclosed volume alone, see {@link #volumeMm3()}. */
    public static double volumeMm3(TriangleMesh mesh) {
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        if (c.length == 0) {
            return 0;
        }
        // From a point of the mesh: far from the origin the terms would cancel.
        double ox = p[0];
        double oy = p[1];
        double oz = p[2];
        double sum = 0;
        for (int t = 0; t < c.length; t += 3) {
            int a = 3 * c[t];
            int b = 3 * c[t + 1];
            int d = 3 * c[t + 2];
            double bx = p[b] - ox;
            double by = p[b + 1] - oy;
            double bz = p[b + 2] - oz;
            double dx = p[d] - ox;
            double dy = p[d + 1] - oy;
            double dz = p[d + 2] - oz;
            sum +=
                    (p[a] - ox) * (by * dz - bz * dy)
                            + (p[a + 1] - oy) * (bz * dx - bx * dz)
                            + (p[a + 2] - oz) * (bx * dy - by * dx);
        }
        return sum / 6;
    }

    /** Surface area alone. */
    public static double areaMm2(TriangleMesh mesh) {
        double sum = 0;
        for (int t = 0; t < mesh.triangleCount(); t++) {
            sum += mesh.twiceArea(t).norm();
        }
        return sum / 2;
    }

    private static Vec3 centroid(TriangleMesh mesh) {
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        if (p.length == 0) {
            return new Vec3(0, 0, 0);
        }
        double volume = 0;
        double[] moment = new double[3];
        double[] mean = new double[3];
        for (int v = 0; v < p.length; v++) {
            mean[v % 3] += p[v] / mesh.vertexCount();
        }
        for (int t = 0; t < c.length; t += 3) {
            double[] a = new double[9];
            for (int q = 0; q < 9; q++) {
                a[q] = p[3 * c[t + q / 3] + q % 3] - mean[q % 3];
            }
            double six =
                    a[0] * (a[4] * a[8] - a[5] * a[7])
                            + a[1] * (a[5] * a[6] - a[3] * a[8])
                            + a[2] * (a[3] * a[7] - a[4] * a[6]);
            volume += six;
            for (int q = 0; q < 3; q++) {
                moment[q] += six * (a[q] + a[q + 3] + a[q + 6]) / 4;
            }
        }
        if (Math.abs(volume) < 1e-12) {
            return new Vec3(mean[0], mean[1], mean[2]);
        }
        return new Vec3(
                mean[0] + moment[0] / volume,
                mean[1] + moment[1] / volume,
                mean[2] + moment[2] / volume);
    }

    /** Whether walking round each vertex over shared sides meets all its triangles. */
    private static boolean discs(TriangleMesh mesh, MeshEdges edges) {
        int[] c = mesh.triangles();
        int[] count = new int[mesh.vertexCount()];
        int[] first = new int[mesh.vertexCount()];
        for (int s = 0; s < c.length; s++) {
            // At a border the walk starts at the side that no triangle precedes.
            if (count[c[s]]++ == 0 || edges.across[s] == MeshEdges.BORDER) {
                first[c[s]] = s;
            }
        }
        for (int v = 0; v < count.length; v++) {
            if (count[v] == 0) {
                continue;
            }
            int s = first[v];
            int met = 0;
            do {
                met++;
                s = edges.across[MeshEdges.next(MeshEdges.next(s))];
            } while (s >= 0 && s != first[v] && met <= count[v]);
            if (met != count[v]) {
                return false;
            }
        }
        return true;
    }

    private static int components(TriangleMesh mesh, MeshEdges edges) {
        int n = mesh.triangleCount();
        boolean[] seen = new boolean[n];
        int[] stack = new int[n];
        int parts = 0;
        for (int seed = 0; seed < n; seed++) {
            if (seen[seed]) {
                continue;
            }
            parts++;
            int top = 0;
            stack[top++] = seed;
            seen[seed] = true;
            while (top > 0) {
                int t = stack[--top];
                for (int s = 3 * t; s < 3 * t + 3; s++) {
                    int other = edges.across[s];
                    if (other >= 0 && !seen[other / 3]) {
                        seen[other / 3] = true;
                        stack[top++] = other / 3;
                    }
                }
            }
        }
        return parts;
    }

    private static double squared(double[] p, int a, int b) {
        double x = p[a] - p[b];
        double y = p[a + 1] - p[b + 1];
        double z = p[a + 2] - p[b + 2];
        return x * x + y * y + z * z;
    }
}
