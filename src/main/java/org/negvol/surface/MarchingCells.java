package org.negvol.surface;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.negvol.volume.Affine;

/**
 * Marching cubes (Lorensen, Cline, SIGGRAPH 1987) over any lattice whose nodes are inside or
 * outside: closed, manifold and outward-oriented whatever the flags are, see {@link CellPatches}.
 *
 * <p>Outside the lattice everything is outside. Time linear in the number of nodes; memory is that
 * of the mesh and two slices.
 */
final class MarchingCells {

    /** What is marched over. Asked in a fixed order, from one thread. */
    interface Lattice {

        /**
         * Marks the nodes of a slice that are inside by 1 and the others by 0.
         *
         * @param flags node (i, j) has the place {@code (i + 1) + (nx + 2) (j + 1)}
         * @return whether one is inside
         */
        boolean inside(int k, byte[] flags);

        /**
         * Where the surface passes between node (i, j, k) and the next one along an axis, one of
         * which is inside; asked once for each vertex.
         *
         * @return 0 at the node to 1 at the next one
         */
        double crossing(int axis, int i, int j, int k);

        /**
         * Which of the ambiguous faces of the cell whose first corner is (i, j, k) join their
         * inside corners; may depend on nothing but the nodes of that face.
         *
         * @param inside inside corners, as bits
         * @param ambiguous faces to be decided, as bits
         */
        int joinedFaces(int i, int j, int k, int inside, int ambiguous);
    }

    /** Rounds of drawing together; each halves what is left of the way to the middles. */
    private static final int MOST_ROUNDS = 12;

    /** Eight flags of a row at once. */
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long EIGHT_INSIDE = 0x0101010101010101L;

    /** The left side of a cell whose four nodes are inside. */
    private static final int ALL_INSIDE = 0b01010101;

    private final Lattice lattice;
    private final int nx;
    private final int ny;
    private final int nz;
    private final MeshBuilder mesh = new MeshBuilder();
    private final double[] m = new double[12];
    private final boolean flip;

    /** Inside flags of slice k and k + 1 with a rim of one node, and the vertices on edges. */
    private byte[] low;

    private byte[] high;
    private int[] lowI;
    private int[] highI;
    private int[] lowJ;
    private int[] highJ;
    private final int[] upK;

    private final int[] edgeVertex = new int[12];
    private final List<Tangle> tangled = new ArrayList<>();

    private MarchingCells(Lattice lattice, int nx, int ny, int nz, Affine indexToPatient) {
        this.lattice = lattice;
        this.nx = nx;
        this.ny = ny;
        this.nz = nz;
        int plane = (nx + 2) * (ny + 2);
        low = new byte[plane];
        high = new byte[plane];
        lowI = new int[plane];
        highI = new int[plane];
        lowJ = new int[plane];
        highJ = new int[plane];
        upK = new int[plane];
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 4; c++) {
                m[4 * r + c] = indexToPatient.get(r, c);
            }
        }
        flip = indexToPatient.determinant() < 0;
    }

    static TriangleMesh march(Lattice lattice, int nx, int ny, int nz, Affine indexToPatient) {
        return new MarchingCells(lattice, nx, ny, nz, indexToPatient).run();
    }

    /**
     * Parts cells whose triangles pass through each other. Triangles of two cells never do: each
     * stays in its own cell. In one cell they can, where the surface passes it several times; with
     * all vertices in the middles of their edges they cannot. So the vertices of such a cell are
     * drawn towards the middles, by as little as is needed.
     */
    private TriangleMesh parted(TriangleMesh made) {
        SelfIntersections pairs = new SelfIntersections(made);
        double[] p = made.xyzMm();
        boolean again = !tangled.isEmpty();
        for (int round = 0; round < MOST_ROUNDS && again; round++) {
            again = false;
            for (Tangle tangle : tangled) {
                if (tangle.intersects(pairs)) {
                    again = true;
                    for (int n = 0; n < tangle.vertices.length; n++) {
                        for (int q = 0; q < 3; q++) {
                            int o = 3 * tangle.vertices[n] + q;
                            p[o] = (p[o] + tangle.middles[3 * n + q]) / 2;
                        }
                    }
                }
            }
        }
        return made;
    }

    /**
     * The triangles of a cell that the surface passes more than once, or in a bent patch.
     *
     * @param first first triangle
     * @param end behind the last one
     * @param vertices its vertices
     * @param middles the middles of their edges, LPS mm
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Tangle(int first, int end, int[] vertices, double[] middles) {

        boolean intersects(SelfIntersections pairs) {
            for (int s = first; s < end; s++) {
                for (int t = s + 1; t < end; t++) {
                    if (pairs.intersect(s, t)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private TriangleMesh run() {
        boolean lowAny = false;
        // Slice -1 lies outside the lattice: `low` starts empty.
        for (int k = 0; k <= nz; k++) {
            boolean highAny = k < nz && lattice.inside(k, high);
            if (k == nz) {
                Arrays.fill(high, (byte) 0);
            }
            if (lowAny || highAny) {
                if (!lowAny) {
                    Arrays.fill(lowI, -1);
                    Arrays.fill(lowJ, -1);
                }
                Arrays.fill(highI, -1);
                Arrays.fill(highJ, -1);
                Arrays.fill(upK, -1);
                layer(k - 1);
            }
            swap();
            lowAny = highAny;
        }
        return parted(mesh.build());
    }

    private void swap() {
        byte[] b = low;
        low = high;
        high = b;
        int[] v = lowI;
        lowI = highI;
        highI = v;
        v = lowJ;
        lowJ = highJ;
        highJ = v;
    }

    /** The cells between slice k and slice k + 1. */
    private void layer(int k) {
        int w = nx + 2;
        for (int j = 0; j <= ny; j++) {
            int p = j * w;
            int left = low[p] | low[p + w] << 2 | high[p] << 4 | high[p + w] << 6;
            for (int i = 0; i <= nx; i++) {
                if (left == 0) {
                    i = behindEqual(i, p, 0);
                } else if (left == ALL_INSIDE) {
                    i = behindEqual(i, p, EIGHT_INSIDE);
                }
                if (i > nx) {
                    break;
                }
                int q = p + i + 1;
                int right = low[q] | low[q + w] << 2 | high[q] << 4 | high[q + w] << 6;
                int inside = left | right << 1;
                left = right;
                if (inside != 0 && inside != 255) {
                    cell(i - 1, j - 1, k, p + i, inside);
                }
            }
        }
    }

    /**
     * The first of a row's cells, from one on, that is not among eight whose nodes are all alike.
     *
     * @param eight flags of eight such nodes; those on the left of the first cell are alike too
     */
    private int behindEqual(int first, int p, long eight) {
        int w = nx + 2;
        int i = first;
        while (i + 7 <= nx) {
            int q = p + i + 1;
            long differ = (long) EIGHT.get(low, q) ^ eight;
            differ |= (long) EIGHT.get(low, q + w) ^ eight;
            differ |= (long) EIGHT.get(high, q) ^ eight;
            differ |= (long) EIGHT.get(high, q + w) ^ eight;
            if (differ != 0) {
                break;
            }
            i += 8;
        }
        return i;
    }

    private void cell(int i, int j, int k, int p, int inside) {
        int ambiguous = CellPatches.ambiguousFaces(inside);
        int joined = ambiguous == 0 ? 0 : lattice.joinedFaces(i, j, k, inside, ambiguous);
        int[][] loops = CellPatches.loopsOf(inside, joined);
        int[][] fills = CellPatches.fillsOf(inside, joined);
        int first = mesh.triangleCount();
        for (int n = 0; n < loops.length; n++) {
            int[] loop = loops[n];
            for (int l = 0; l < loop.length; l++) {
                edgeVertex[l] = onEdge(loop[l], i, j, k, p);
            }
            if (loop.length == 4) {
                quad();
                continue;
            }
            int[] fill = fills[n];
            int middle = fill[2] == CellPatches.MIDDLE ? middle(loop.length) : -1;
            for (int t = 0; t < fill.length; t += 3) {
                triangle(
                        edgeVertex[fill[t]],
                        edgeVertex[fill[t + 1]],
                        fill[t + 2] < 0 ? middle : edgeVertex[fill[t + 2]]);
            }
        }
        if (loops.length > 1 || loops[0].length > 5) {
            tangled.add(tangle(loops, first, i, j, k, p));
        }
    }

    private Tangle tangle(int[][] loops, int first, int i, int j, int k, int p) {
        int n = 0;
        for (int[] loop : loops) {
            n += loop.length;
        }
        int[] vertices = new int[n];
        double[] middles = new double[3 * n];
        int at = 0;
        for (int[] loop : loops) {
            for (int edge : loop) {
                int from = CellPatches.EDGE_FROM[edge];
                int to = CellPatches.EDGE_TO[edge];
                double x = i + ((from & 1) + (to & 1)) / 2.0;
                double y = j + ((from >> 1 & 1) + (to >> 1 & 1)) / 2.0;
                double z = k + ((from >> 2) + (to >> 2)) / 2.0;
                vertices[at] = onEdge(edge, i, j, k, p);
                for (int q = 0; q < 3; q++) {
                    middles[3 * at + q] =
                            m[4 * q] * x + m[4 * q + 1] * y + m[4 * q + 2] * z + m[4 * q + 3];
                }
                at++;
            }
        }
        return new Tangle(first, mesh.triangleCount(), vertices, middles);
    }

    /** Four corners never need a diagonal on a face; the shorter one gives the better triangles. */
    private void quad() {
        int a = edgeVertex[0];
        int b = edgeVertex[1];
        int c = edgeVertex[2];
        int d = edgeVertex[3];
        if (squared(a, c) <= squared(b, d)) {
            triangle(a, b, c);
            triangle(a, c, d);
        } else {
            triangle(a, b, d);
            triangle(b, c, d);
        }
    }

    private double squared(int a, int b) {
        double x = mesh.x(a) - mesh.x(b);
        double y = mesh.y(a) - mesh.y(b);
        double z = mesh.z(a) - mesh.z(b);
        return x * x + y * y + z * z;
    }

    private void triangle(int a, int b, int c) {
        if (flip) {
            mesh.triangle(a, c, b);
        } else {
            mesh.triangle(a, b, c);
        }
    }

    private int middle(int n) {
        double x = 0;
        double y = 0;
        double z = 0;
        for (int l = 0; l < n; l++) {
            x += mesh.x(edgeVertex[l]);
            y += mesh.y(edgeVertex[l]);
            z += mesh.z(edgeVertex[l]);
        }
        return mesh.vertex(x / n, y / n, z / n);
    }

    private int onEdge(int edge, int i, int j, int k, int p) {
        int from = CellPatches.EDGE_FROM[edge];
        int di = from & 1;
        int dj = from >> 1 & 1;
        int dk = from >> 2;
        int at = p + di + dj * (nx + 2);
        int[] ids = edge >= 8 ? upK : edge >= 4 ? (dk == 0 ? lowJ : highJ) : dk == 0 ? lowI : highI;
        int v = ids[at];
        if (v < 0) {
            v = vertex(edge >> 2, i + di, j + dj, k + dk);
            ids[at] = v;
        }
        return v;
    }

    private int vertex(int axis, int i, int j, int k) {
        double t = lattice.crossing(axis, i, j, k);
        double x = axis == 0 ? i + t : i;
        double y = axis == 1 ? j + t : j;
        double z = axis == 2 ? k + t : k;
        return mesh.vertex(
                m[0] * x + m[1] * y + m[2] * z + m[3],
                m[4] * x + m[5] * y + m[6] * z + m[7],
                m[8] * x + m[9] * y + m[10] * z + m[11]);
    }
}
