package org.negvol.surface;

import org.negvol.volume.ScalarVolume;
import org.negvol.volume.VolumeGeometry;

/**
 * The level set of a volume as a triangle mesh: marching cubes whose faces' ambiguities are decided
 * by the asymptotic decider and whose filling is manifold for every field, see {@link CellPatches}.
 *
 * <p>Inside is what is smaller than the level. A vertex lies where the cubic (Catmull-Rom) through
 * four voxels of a grid line passes the level, so that its position error in a smooth field falls
 * with the fourth power of the spacing; with a linear one, a distance field of radius r would lose
 * up to spacing²/(4 r) everywhere. Beside a voxel that is not finite, and at the border, it is
 * linear.
 *
 * <p>The mesh is closed, manifold and outward-oriented on every grid, sheared and left-handed ones
 * too. What lies inside at the border of the grid is closed half a voxel further out, where the
 * voxels end. A voxel that is NaN is outside. Linear in the number of voxels; memory is that of the
 * mesh and two slices.
 */
public final class IsoSurface implements MarchingCells.Lattice {

    /**
     * No vertex is nearer than this to a voxel's centre, as a part of the spacing: keeps triangles
     * from vanishing where the field is exactly at the level, and moves a vertex by 4 µm at most.
     */
    static final double NEAREST_TO_NODE = 0.01;

    /** The value given to what is outside the grid or NaN, above the level. */
    private static final double FAR = 1e6;

    private final VolumeGeometry g;
    private final float[] f;
    private final double level;
    private final int nx;
    private final int ny;
    private final int nz;
    private final double[] corner = new double[8];

    private IsoSurface(ScalarVolume volume, double level) {
        g = volume.geometry();
        f = volume.values();
        this.level = level;
        nx = g.columns();
        ny = g.rows();
        nz = g.slices();
    }

    /**
     * @param level in the volume's unit; finite
     * @return the mesh in patient coordinates (LPS, mm); without triangles if nothing is inside
     */
    public static TriangleMesh extract(ScalarVolume volume, double level) {
        if (!Double.isFinite(level)) {
            throw new IllegalArgumentException("a level set needs a finite level, got " + level);
        }
        IsoSurface s = new IsoSurface(volume, level);
        return MarchingCells.march(s, s.nx, s.ny, s.nz, s.g.indexToPatient());
    }

    @Override
    public boolean inside(int k, byte[] flags) {
        int any = 0;
        for (int j = 0; j < ny; j++) {
            int o = g.index(0, j, k);
            int p = (j + 1) * (nx + 2) + 1;
            for (int i = 0; i < nx; i++) {
                byte b = f[o + i] < level ? (byte) 1 : 0;
                flags[p + i] = b;
                any |= b;
            }
        }
        return any != 0;
    }

    @Override
    public int joinedFaces(int i, int j, int k, int inside, int ambiguous) {
        for (int c = 0; c < 8; c++) {
            corner[c] = value(i + (c & 1), j + (c >> 1 & 1), k + (c >> 2)) - level;
        }
        int joined = 0;
        for (int face = 0; face < 6; face++) {
            if ((ambiguous >> face & 1) != 0) {
                // The saddle of the bilinear interpolant is inside where the product of the inside
                // corners is the greater one.
                int[] c = CellPatches.FACES[face];
                double a = corner[c[0]] * corner[c[2]];
                double b = corner[c[1]] * corner[c[3]];
                boolean firstInside = (inside >> c[0] & 1) != 0;
                if (firstInside ? a > b : b > a) {
                    joined |= 1 << face;
                }
            }
        }
        return joined;
    }

    @Override
    public double crossing(int axis, int i, int j, int k) {
        int di = axis == 0 ? 1 : 0;
        int dj = axis == 1 ? 1 : 0;
        int dk = axis == 2 ? 1 : 0;
        double a = value(i, j, k) - level;
        double b = value(i + di, j + dj, k + dk) - level;
        if (a >= FAR / 2 || b >= FAR / 2) {
            return 0.5;
        }
        double before = value(i - di, j - dj, k - dk) - level;
        double after = value(i + 2 * di, j + 2 * dj, k + 2 * dk) - level;
        double t = CubicCrossing.of(before, a, b, after);
        return Math.clamp(t, NEAREST_TO_NODE, 1 - NEAREST_TO_NODE);
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
