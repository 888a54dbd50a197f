package org.negvol.surface;

import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.VolumeGeometry;

import java.util.Arrays;

/**
 * The level set of a volume as a triangle mesh: marching cubes (Lorensen, Cline, SIGGRAPH 1987)
 * with the faces' ambiguities decided by the asymptotic decider and a filling that is manifold for
 * every field, see {@link CellPatches}.
 *
 * <p>Inside is what is smaller than the level. A vertex lies where the cubic (Catmull-Rom) through
 * four voxels of a grid line passes the level, so that the position error of a smooth field falls
 * with the fourth power of the spacing; with a linear one, a distance field of radius r would lose
 * spacing²/(8 r) everywhere. Beside a voxel that is not finite, and at the border, it is linear.
 *
 * <p>The mesh is closed, manifold and outward-oriented on every grid, sheared and left-handed ones
 * too. What lies inside at the border of the grid is closed half a voxel further out, where the
 * voxels end. A voxel that is NaN is outside. Linear in the number of voxels; memory is that of the
 * mesh and two slices.
 */
public final class IsoSurface {

    /**
     * No vertex is nearer than this to a voxel's centre, as a part of the spacing: keeps triangles
     * from vanishing where the field is exactly at the level, and moves a vertex by 4 µm at most.
     */
    private static final double NEAREST_TO_NODE = 0.01;

    /** The value given to what is outside the grid or NaN, above the level. */
    private static final double FAR = 1e6;

    private final VolumeGeometry g;
    private final float[] f;
    private final double level;
    private final int nx;
    private final int ny;
    private final int nz;
    private final MeshBuilder mesh = new MeshBuilder();
    private final double[] m = new double[12];

    /** Inside flags of slice k and k + 1 with a rim of one voxel, and the vertices on edges. */
    private byte[] low;

    private byte[] high;
    private int[] lowI;
    private int[] highI;
    private int[] lowJ;
    private int[] highJ;
    private final int[] upK;
    private final boolean flip;

    private final int[] edgeVertex = new int[12];
    private final double[] corner = new double[8];

    private IsoSurface(ScalarVolume volume, double level) {
        g = volume.geometry();
        f = volume.values();
        this.level = level;
        nx = g.columns();
        ny = g.rows();
        nz = g.slices();
        int plane = (nx + 2) * (ny + 2);
        low = new byte[plane];
        high = new byte[plane];
        lowI = new int[plane];
        highI = new int[plane];
        lowJ = new int[plane];
        highJ = new int[plane];
        upK = new int[plane];
        Affine a = g.indexToPatient();
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 4; c++) {
                m[4 * r + c] = a.get(r, c);
            }
        }
        flip = a.determinant() < 0;
    }

    /**
     * @param level in the volume's unit; not NaN
     * @return the mesh in patient coordinates (LPS, mm); without triangles if the whole volume lies
     *     on one side and inside nowhere
     */
    public static TriangleMesh extract(ScalarVolume volume, double level) {
        if (!Double.isFinite(level)) {
            throw new IllegalArgumentException("a level set needs a finite level, got " + level);
        }
        return new IsoSurface(volume, level).march();
    }

    private TriangleMesh march() {
        boolean lowAny = false;
        // Slice -1 lies outside the grid: `low` starts empty.
        for (int k = 0; k <= nz; k++) {
            boolean highAny = k < nz ? flags(k) : emptied(high);
            if (lowAny || highAny) {
                Arrays.fill(highI, -1);
                Arrays.fill(highJ, -1);
                Arrays.fill(upK, -1);
                if (k == 0) {
                    Arrays.fill(lowI, -1);
                    Arrays.fill(lowJ, -1);
                }
                layer(k);
            }
            swap();
            lowAny = highAny;
        }
        return mesh.build();
    }

    private static boolean emptied(byte[] flags) {
        Arrays.fill(flags, (byte) 0);
        return false;
    }

    private boolean flags(int k) {
        int any = 0;
        for (int j = 0; j < ny; j++) {
            int o = g.index(0, j, k);
            int p = (j + 1) * (nx + 2) + 1;
            for (int i = 0; i < nx; i++) {
                byte b = f[o + i] < level ? (byte) 1 : 0;
                high[p + i] = b;
                any |= b;
            }
        }
        return any != 0;
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

    /** The cells between slice k - 1 and slice k. */
    private void layer(int k) {
        int w = nx + 2;
        for (int j = 0; j <= ny; j++) {
            int p = j * w;
            int left = low[p] | low[p + w] << 2 | high[p] << 4 | high[p + w] << 6;
            for (int i = 0; i <= nx; i++) {
                int q = p + i + 1;
                int right = low[q] | low[q + w] << 2 | high[q] << 4 | high[q + w] << 6;
                int inside = left | right << 1;
                left = right;
                if (inside != 0 && inside != 255) {
                    cell(i - 1, j - 1, k - 1, p + i, inside);
                }
            }
        }
    }

    private void cell(int i, int j, int k, int p, int inside) {
        int ambiguous = CellPatches.ambiguousFaces(inside);
        int joined = 0;
        if (ambiguous != 0) {
            for (int c = 0; c < 8; c++) {
                corner[c] = value(i + (c & 1), j + (c >> 1 & 1), k + (c >> 2)) - level;
            }
            for (int face = 0; face < 6; face++) {
                if ((ambiguous >> face & 1) != 0) {
                    int[] c = CellPatches.FACES[face];
                    double a = corner[c[0]] * corner[c[2]];
                    double b = corner[c[1]] * corner[c[3]];
                    boolean firstInside = (inside >> c[0] & 1) != 0;
                    if (firstInside ? a > b : b > a) {
                        joined |= 1 << face;
                    }
                }
            }
        }
        int[][] loops = CellPatches.loopsOf(inside, joined);
        int[][] fills = CellPatches.fillsOf(inside, joined);
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
    }

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
            v = crossing(edge >> 2, i + di, j + dj, k + dk);
            ids[at] = v;
        }
        return v;
    }

    private int crossing(int axis, int i, int j, int k) {
        int di = axis == 0 ? 1 : 0;
        int dj = axis == 1 ? 1 : 0;
        int dk = axis == 2 ? 1 : 0;
        double a = value(i, j, k) - level;
        double b = value(i + di, j + dj, k + dk) - level;
        double t;
        if (a >= FAR / 2 || b >= FAR / 2) {
            t = 0.5;
        } else {
            double before = value(i - di, j - dj, k - dk) - level;
            double after = value(i + 2 * di, j + 2 * dj, k + 2 * dk) - level;
            t = CubicCrossing.of(before, a, b, after);
            t = Math.clamp(t, NEAREST_TO_NODE, 1 - NEAREST_TO_NODE);
        }
        double x = i + t * di;
        double y = j + t * dj;
        double z = k + t * dk;
        return mesh.vertex(
                m[0] * x + m[1] * y + m[2] * z + m[3],
                m[4] * x + m[5] * y + m[6] * z + m[7],
                m[8] * x + m[9] * y + m[10] * z + m[11]);
    }

    /** The value of a voxel, or {@link #FAR} above the level where there is none. */
    private double value(int i, int j, int k) {
        if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) {
            return level + FAR;
        }
        double v = f[g.index(i, j, k)];
        if (!(v < level + FAR)) {
            return level + FAR;
        }
        return Math.max(v, level - FAR);
    }
}
