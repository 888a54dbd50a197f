package org.negvol.surface;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where does the fossa end? Its mouth is a taut skin over the rim: the part of the convex hull of
 * the temporal bone near the condyle that has no bone behind it.
 *
 * <p>The hull touches the bone where it reaches lowest in each direction: at the crest of the
 * articular eminence in front, at the postglenoid process and the tympanic plate behind, at the
 * entoglenoid process medially, and at the tubercle and the root of the zygomatic process
 * laterally. That is the rim. What lies in front of the crest, below the skin or beside the bone is
 * outside. The hull needs no landmark, turns and mirrors with the bone, and moves by no more than
 * the bone moves.
 *
 * <p>Near the condyle means within {@link NegativeVolumeParameters#rimWithinMm} of its surface
 * above the neck's cut, by exact distance. The rim of that neighbourhood moves continuously with
 * the bones, and lies beyond the reach, so that it never bounds the volume by itself.
 */
final class FossaMouth {

    /** The closed surface of the convex hull. */
    final TriangleMesh hull;

    private FossaMouth(TriangleMesh hull) {
        this.hull = hull;
    }

    /**
     * @param temporal surface of the temporal bone in the VOI
     * @param condyle surface of the condyle above the neck's cut
     * @return null if the bone near the condyle encloses nothing
     */
    static @Nullable FossaMouth of(TriangleMesh temporal, MeshDistance condyle, double withinMm) {
        double[] low = {1e300, 1e300, 1e300};
        double[] high = {-1e300, -1e300, -1e300};
        double[] c = condyle.mesh().xyzMm();
        for (int v = 0; v < c.length; v++) {
            low[v % 3] = Math.min(low[v % 3], c[v] - withinMm);
            high[v % 3] = Math.max(high[v % 3], c[v] + withinMm);
        }
        double[] p = temporal.xyzMm();
        boolean[] near = new boolean[temporal.vertexCount()];
        MeshDistance.Query q = condyle.query();
        int hint = 0;
        for (int v = 0; v < p.length; v += 3) {
            if (p[v] > low[0]
                    && p[v] < high[0]
                    && p[v + 1] > low[1]
                    && p[v + 1] < high[1]
                    && p[v + 2] > low[2]
                    && p[v + 2] < high[2]
                    && q.isWithin(p[v], p[v + 1], p[v + 2], withinMm, hint)) {
                hint = q.triangle();
                near[v / 3] = true;
            }
        }
        TriangleMesh hull = ConvexHull.of(points(temporal, near, q, withinMm));
        return hull == null ? null : new FossaMouth(hull);
    }

    /**
     * The corners of the bone near the condyle, and where its sides leave that neighbourhood:
     * without these the hull would end at one vertex or the next, as the grid happens to lie.
     */
    private static double[] points(
            TriangleMesh temporal, boolean[] near, MeshDistance.Query condyle, double withinMm) {
        double[] p = temporal.xyzMm();
        int[] c = temporal.triangles();
        double[] points = new double[p.length];
        int n = 0;
        for (int v = 0; v < near.length; v++) {
            if (near[v]) {
                System.arraycopy(p, 3 * v, points, n, 3);
                n += 3;
            }
        }
        for (int s = 0; s < c.length; s++) {
            int inner = c[s];
            int outer = c[MeshEdges.next(s)];
            // The neighbouring triangle has the same side the other way round.
            if (near[inner] && !near[outer]) {
                double from = distance(condyle, p, inner);
                double to = distance(condyle, p, outer);
                double t = to > from ? Math.clamp((withinMm - from) / (to - from), 0, 1) : 0;
                if (n == points.length) {
                    points = Arrays.copyOf(points, 2 * n);
                }
                for (int axis = 0; axis < 3; axis++) {
                    double at = p[3 * inner + axis];
                    points[n++] = at + t * (p[3 * outer + axis] - at);
                }
            }
        }
        return Arrays.copyOf(points, n);
    }

    private static double distance(MeshDistance.Query condyle, double[] p, int vertex) {
        condyle.nearest(
                p[3 * vertex], p[3 * vertex + 1], p[3 * vertex + 2], Double.POSITIVE_INFINITY);
        return condyle.distanceMm();
    }
}
