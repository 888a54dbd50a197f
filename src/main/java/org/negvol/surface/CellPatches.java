package org.negvol.surface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a level set passes through one cell of a grid: the table behind {@link IsoSurface}.
 *
 * <p>Corner c of a cell lies at (c &amp; 1, c >> 1 &amp; 1, c >> 2); edge e joins {@link
 * #EDGE_FROM} and {@link #EDGE_TO}. On each face the level set is a set of segments between crossed
 * edges; over the faces of the cell the segments chain into closed loops, and each loop is filled
 * by triangles. Every crossed edge of the grid carries one vertex, and in each of the four faces
 * round that edge exactly one segment ends in it. The loops round the vertex therefore close up to
 * one disc: the surface is a closed manifold whatever the values are, as long as neighbouring cells
 * agree on the face they share. Four crossings on a face leave two choices; the caller decides by
 * the values of that face alone (asymptotic decider: Nielson, Hamann, "The asymptotic decider",
 * IEEE Visualization 1991).
 *
 * <p>A diagonal between two crossings of the same face could coincide with one made by the
 * neighbouring cell, so the filling never uses such a diagonal; where a loop cannot be filled
 * without, it is filled round a vertex of its own.
 */
final class CellPatches {

    /** Corners of the edges, lower one first; edges 0–3 run along i, 4–7 along j, 8–11 along k. */
    static final int[] EDGE_FROM = {0, 2, 4, 6, 0, 1, 4, 5, 0, 1, 2, 3};

    static final int[] EDGE_TO = {1, 3, 5, 7, 2, 3, 6, 7, 4, 5, 6, 7};

    /** Corners of the faces (low i, high i, low j, …), anticlockwise seen from outside. */
    static final int[][] FACES = {
        {0, 4, 6, 2}, {1, 3, 7, 5}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 2, 3, 1}, {4, 5, 7, 6}
    };

    /** Stands for the loop's own vertex in {@link #fillsOf}. */
    static final int MIDDLE = -1;

    /** For each set of inside corners, which faces leave a choice, as bits. */
    private static final int[] AMBIGUOUS = new int[256];

    /** [inside corners][joined faces] → loops, each as its edges in order. */
    private static final int[][][][] LOOPS = new int[256][][][];

    /** The same → per loop the triangles as indices into the loop, {@link #MIDDLE} for its own. */
    private static final int[][][][] FILLS = new int[256][][][];

    static {
        for (int inside = 0; inside < 256; inside++) {
            int ambiguous = 0;
            for (int f = 0; f < 6; f++) {
                int[] c = FACES[f];
                boolean a = in(inside, c[0]);
                if (a == in(inside, c[2]) && a != in(inside, c[1]) && a != in(inside, c[3])) {
                    ambiguous |= 1 << f;
                }
            }
            AMBIGUOUS[inside] = ambiguous;
            LOOPS[inside] = new int[64][][];
            FILLS[inside] = new int[64][][];
            for (int joined = 0; joined < 64; joined++) {
                if ((joined & ~ambiguous) == 0) {
                    int[][] loops = loops(inside, joined);
                    LOOPS[inside][joined] = loops;
                    FILLS[inside][joined] =
                            Arrays.stream(loops).map(CellPatches::fill).toArray(int[][]::new);
                }
            }
        }
    }

    private CellPatches() {}

    /** Faces, as bits, whose four crossings can be joined in two ways. */
    static int ambiguousFaces(int inside) {
        return AMBIGUOUS[inside];
    }

    /**
     * @param inside inside corners, as bits
     * @param joined ambiguous faces, as bits, on which the inside corners are joined
     * @return the loops; each the numbers of the edges it passes, anticlockwise seen from outside
     */
    static int[][] loopsOf(int inside, int joined) {
        return LOOPS[inside][joined];
    }

    /**
     * For each loop its triangles, three corners each: positions in the loop or {@link #MIDDLE}.
     */
    static int[][] fillsOf(int inside, int joined) {
        return FILLS[inside][joined];
    }

    static boolean isOnFace(int face, int edge) {
        return onFace(FACES[face], edge);
    }

    private static boolean in(int inside, int corner) {
        return (inside >> corner & 1) != 0;
    }

    private static int edge(int a, int b) {
        for (int e = 0; e < 12; e++) {
            if ((EDGE_FROM[e] == a && EDGE_TO[e] == b) || (EDGE_FROM[e] == b && EDGE_TO[e] == a)) {
                return e;
            }
        }
        throw new IllegalArgumentException("corners " + a + " and " + b + " share no edge");
    }

    private static int[][] loops(int inside, int joined) {
        int[] next = new int[12];
        Arrays.fill(next, -1);
        for (int f = 0; f < 6; f++) {
            int[] c = FACES[f];
            for (int i = 0; i < 4; i++) {
                if (!in(inside, c[i]) || in(inside, c[(i + 1) % 4])) {
                    continue;
                }
                // Leaving the inside at edge i. The segment comes from where the inside was entered
                // before it or, with joined corners, is entered after it.
                int other = i;
                if ((joined >> f & 1) != 0) {
                    other = i + 1;
                } else {
                    do {
                        other += 3;
                    } while (in(inside, c[other % 4]));
                }
                next[edge(c[other % 4], c[(other + 1) % 4])] = edge(c[i], c[(i + 1) % 4]);
            }
        }
        List<int[]> loops = new ArrayList<>();
        boolean[] done = new boolean[12];
        for (int e = 0; e < 12; e++) {
            if (next[e] < 0 || done[e]) {
                continue;
            }
            int[] loop = new int[12];
            int n = 0;
            for (int at = e; !done[at]; at = next[at]) {
                done[at] = true;
                loop[n++] = at;
            }
            loops.add(Arrays.copyOf(loop, n));
        }
        return loops.toArray(int[][]::new);
    }

    /** The filling of least total squared length of diagonals between middles of edges. */
    private static int[] fill(int[] loop) {
        int n = loop.length;
        double[][] cost = new double[n][n];
        int[][] apex = new int[n][n];
        for (int span = 2; span < n; span++) {
            for (int a = 0; a + span < n; a++) {
                int b = a + span;
                cost[a][b] = Double.POSITIVE_INFINITY;
                for (int m = a + 1; m < b; m++) {
                    double c =
                            cost[a][m] + cost[m][b] + diagonal(loop, a, m) + diagonal(loop, m, b);
                    if (c < cost[a][b]) {
                        cost[a][b] = c;
                        apex[a][b] = m;
                    }
                }
            }
        }
        if (cost[0][n - 1] == Double.POSITIVE_INFINITY) {
            int[] fan = new int[3 * n];
            for (int i = 0; i < n; i++) {
                fan[3 * i] = i;
                fan[3 * i + 1] = (i + 1) % n;
                fan[3 * i + 2] = MIDDLE;
            }
            return fan;
        }
        List<Integer> triangles = new ArrayList<>();
        collect(apex, 0, n - 1, triangles);
        return triangles.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void collect(int[][] apex, int a, int b, List<Integer> out) {
        if (b - a < 2) {
            return;
        }
        int m = apex[a][b];
        out.addAll(List.of(a, m, b));
        collect(apex, a, m, out);
        collect(apex, m, b, out);
    }

    private static double diagonal(int[] loop, int a, int b) {
        if (b - a == 1 || (a == 0 && b == loop.length - 1)) {
            return 0;
        }
        for (int[] face : FACES) {
            if (onFace(face, loop[a]) && onFace(face, loop[b])) {
                return Double.POSITIVE_INFINITY;
            }
        }
        double d2 = 0;
        for (int bit = 0; bit < 3; bit++) {
            double d = middle(loop[a], bit) - middle(loop[b], bit);
            d2 += d * d;
        }
        return d2;
    }

    private static boolean onFace(int[] face, int edge) {
        int found = 0;
        for (int c : face) {
            if (c == EDGE_FROM[edge] || c == EDGE_TO[edge]) {
                found++;
            }
        }
        return found == 2;
    }

    private static double middle(int edge, int bit) {
        return ((EDGE_FROM[edge] >> bit & 1) + (EDGE_TO[edge] >> bit & 1)) / 2.0;
    }
}
