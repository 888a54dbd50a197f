package org.negvol.surface;

import java.util.Arrays;
import org.negvol.volume.Affine;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * The Boolean operations of the method on a lattice of lines: what of each line lies in the
 * inflated condyle, inside the fossa's mouth and above the neck's cut, and in neither bone.
 *
 * <p>Every voxel of the VOI carries an even number of lattice nodes an axis: two at 0.4 mm, a
 * quarter of a voxel beside its centre. Through the nodes run lines along all three axes (a triple
 * dexel model: Benouamer, Michelucci, "Bridging the gap between CSG and Brep via a triple ray
 * representation", Solid Modeling 1997). Along a line a Boolean operation is exact and a matter of
 * sorting, whatever the meshes do elsewhere; a mesh counts as present where its winding number is
 * positive, so that folds of the inflated surface do no harm.
 */
final class JointLattice {

    /** About the distance of nodes, mm; a thinner sheet of joint space is missing in the mesh. */
    private static final double NODES_MM = 0.2;

    /**
     * Ends of intervals that are no longer than this add no area, mm: a twentieth of a voxel, as
     * the chords of the meshes are off. Where the mouth lies on the bone, they alone keep both
     * apart.
     */
    private static final double THINNEST_MM = 0.02;

    /** Nodes of a voxel along each axis: even, so that no line runs along one of the grid's. */
    private final int[] nodes = new int[3];

    /** Intervals shorter than this, in lattice units, are rounding. */
    private static final double SHORTEST = 1e-9;

    private static final int INFLATED = 0;
    private static final int MANDIBLE = 1;
    private static final int TEMPORAL = 2;
    private static final int MOUTH = 3;
    private static final int MESHES = 4;
    private static final int NECK = 4;

    private static final byte[] BOUND_OF_MESH = {
        Boundary.REACH, Boundary.CONDYLE, Boundary.TEMPORAL_BONE, Boundary.MOUTH
    };

    private final VolumeGeometry grid;

    /** First node of the box along each axis, counted from the first node of the VOI. */
    final int[] first = new int[3];

    /** Nodes of the box along each axis. */
    final int[] size = new int[3];

    /** Node of the box → LPS mm. */
    final Affine toPatient;

    /** Along each axis: the negative volume. */
    final LineIntervals[] negative = new LineIntervals[3];

    /** Area of the negative volume's surface by what ends it there, see {@link Boundary}; mm². */
    final double[] areasMm2 = new double[Boundary.COUNT];

    /** Along each axis: the negative volume and the mandible in it. */
    final LineIntervals[] whole = new LineIntervals[3];

    private final int[] winding = new int[NECK + 1];
    private double[] eventAt = new double[64];
    private int[] eventCode = new int[64];
    private double[] eventArea = new double[64];
    private int events;

    private JointLattice(VolumeGeometry grid, TriangleMesh inflated) {
        this.grid = grid;
        Affine m = grid.indexToPatient();
        double[] h = new double[3];
        for (int q = 0; q < 3; q++) {
            nodes[q] = 2 * (int) Math.max(1, Math.round(grid.spacingMm(q) / (2 * NODES_MM)));
            h[q] = 1.0 / nodes[q];
        }
        Affine lattice =
                Affine.ofColumns(
                        m.step(0).times(h[0]),
                        m.step(1).times(h[1]),
                        m.step(2).times(h[2]),
                        m.apply((h[0] - 1) / 2, (h[1] - 1) / 2, (h[2] - 1) / 2));
        Affine back = lattice.inverse();
        double[] low = {1e300, 1e300, 1e300};
        double[] high = {-1e300, -1e300, -1e300};
        for (int v = 0; v < inflated.vertexCount(); v++) {
            Vec3 i = back.apply(inflated.vertex(v));
            double[] at = {i.x(), i.y(), i.z()};
            for (int q = 0; q < 3; q++) {
                low[q] = Math.min(low[q], at[q]);
                high[q] = Math.max(high[q], at[q]);
            }
        }
        for (int q = 0; q < 3; q++) {
            int last = nodes[q] * grid.size(q) - 1;
            first[q] = (int) Math.clamp(Math.floor(low[q]) - 1, 0, last);
            size[q] = (int) Math.clamp(Math.ceil(high[q]) + 1, first[q], last) - first[q] + 1;
        }
        toPatient =
                Affine.ofColumns(
                        lattice.step(0),
                        lattice.step(1),
                        lattice.step(2),
                        lattice.apply(first[0], first[1], first[2]));
    }

    /**
     * @param inflated the condyle after inflation, its contact a little inside the temporal bone
     * @param mandible all of it in the VOI
     * @param temporal the temporal bone in the VOI
     * @param mouth the closed surface round the inside of the fossa's mouth
     * @param neck half-spaces {@code n·x ≤ d} (nx, ny, nz, d each): what lies above the neck's cut
     */
    static JointLattice of(
            VolumeGeometry grid,
            TriangleMesh inflated,
            TriangleMesh mandible,
            TriangleMesh temporal,
            TriangleMesh mouth,
            double[] neck) {
        JointLattice l = new JointLattice(grid, inflated);
        TriangleMesh[] meshes = {inflated, mandible, temporal, mouth};
        double[][] p = new double[MESHES][];
        int[][] c = new int[MESHES][];
        for (int k = 0; k < MESHES; k++) {
            l.transform(meshes[k], k, p, c);
        }
        double[] neckLimits = l.transform(neck);
        LineArea area = new LineArea(l.toPatient);
        for (int axis = 0; axis < 3; axis++) {
            LineCrossings[] crossings = new LineCrossings[MESHES];
            int nu = l.size[(axis + 1) % 3];
            int nv = l.size[(axis + 2) % 3];
            for (int k = 0; k < MESHES; k++) {
                crossings[k] = LineCrossings.of(p[k], c[k], axis, nu, nv, area);
            }
            l.combine(axis, crossings, neckLimits, area);
        }
        return l;
    }

    /** Brings a mesh to the units of the box, and keeps its triangles that can touch the box. */
    private void transform(TriangleMesh mesh, int k, double[][] points, int[][] corners) {
        Affine back = toPatient.inverse();
        double[] m = new double[12];
        for (int q = 0; q < 12; q++) {
            m[q] = back.get(q / 4, q % 4);
        }
        double[] from = mesh.xyzMm();
        double[] p = new double[from.length];
        byte[] outside = new byte[mesh.vertexCount()];
        for (int v = 0; v < from.length; v += 3) {
            int code = 0;
            for (int q = 0; q < 3; q++) {
                double x =
                        m[4 * q] * from[v]
                                + m[4 * q + 1] * from[v + 1]
                                + m[4 * q + 2] * from[v + 2]
                                + m[4 * q + 3];
                p[v + q] = x;
                code |= x < 0 ? 1 << (2 * q) : x > size[q] - 1 ? 2 << (2 * q) : 0;
            }
            outside[v / 3] = (byte) code;
        }
        boolean flip = toPatient.determinant() < 0;
        int[] all = mesh.triangles();
        int[] kept = new int[all.length];
        int n = 0;
        for (int t = 0; t < all.length; t += 3) {
            int both = outside[all[t]] & outside[all[t + 1]] & outside[all[t + 2]];
            // Beside the box along two axes no line meets it; along one, those of that axis do.
            if (Integer.bitCount(both) < 2) {
                kept[n] = all[t];
                kept[n + 1] = flip ? all[t + 2] : all[t + 1];
                kept[n + 2] = flip ? all[t + 1] : all[t + 2];
                n += 3;
            }
        }
        points[k] = p;
        corners[k] = Arrays.copyOf(kept, n);
    }

    /** Half-spaces in the units of the box. */
    private double[] transform(double[] halfSpaces) {
        double[] out = new double[halfSpaces.length];
        Vec3 o = toPatient.origin();
        for (int f = 0; f < out.length; f += 4) {
            Vec3 n = new Vec3(halfSpaces[f], halfSpaces[f + 1], halfSpaces[f + 2]);
            for (int q = 0; q < 3; q++) {
                out[f + q] = n.dot(toPatient.step(q));
            }
            out[f + 3] = halfSpaces[f + 3] - n.dot(o);
        }
        return out;
    }

    private void combine(int axis, LineCrossings[] crossings, double[] neck, LineArea area) {
        int uAxis = (axis + 1) % 3;
        int vAxis = (axis + 2) % 3;
        int nu = size[uAxis];
        int nv = size[vAxis];
        LineIntervals free = new LineIntervals(nu * nv);
        LineIntervals all = new LineIntervals(nu * nv);
        // The voxels end half a node's distance beyond their first and last node.
        double viewLow = -0.5 - first[axis];
        double viewHigh = nodes[axis] * grid.size(axis) - 0.5 - first[axis];
        double neckArea = neck.length == 0 ? 0 : area.mm2(axis, neck[0], neck[1], neck[2]);
        double viewArea = area.mm2(axis, axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0);
        double thinnest = THINNEST_MM / toPatient.step(axis).norm();
        double[] range = new double[2];
        for (int v = 0; v < nv; v++) {
            for (int u = 0; u < nu; u++) {
                int line = u + nu * v;
                if (crossings[INFLATED].start[line] < crossings[INFLATED].start[line + 1]) {
                    range[0] = viewLow;
                    range[1] = viewHigh;
                    clip(neck, axis, uAxis, vAxis, u, v, range);
                    double low = range[0];
                    double high = range[1];
                    if (low < high && collect(crossings, line)) {
                        end(low, 1, low > viewLow, neckArea, viewArea);
                        end(high, -1, high < viewHigh, neckArea, viewArea);
                        sweep(free, all, thinnest);
                    }
                }
                free.endLine(line);
                all.endLine(line);
            }
        }
        negative[axis] = free;
        whole[axis] = all;
    }

    private static void clip(
            double[] limits, int axis, int uAxis, int vAxis, int u, int v, double[] range) {
        double low = range[0];
        double high = range[1];
        for (int f = 0; f < limits.length; f += 4) {
            double k = limits[f + axis];
            double r = limits[f + 3] - limits[f + uAxis] * u - limits[f + vAxis] * v;
            if (k > 0) {
                high = Math.min(high, r / k);
            } else if (k < 0) {
                low = Math.max(low, r / k);
            } else if (r < 0) {
                high = low;
            }
        }
        range[0] = low;
        range[1] = Math.max(low, high);
    }

    /**
     * Sorts the crossings of all meshes on a line.
     *
     * @return whether every mesh is left as often as it is entered
     */
    private boolean collect(LineCrossings[] crossings, int line) {
        events = 0;
        for (int mesh = 0; mesh < MESHES; mesh++) {
            LineCrossings x = crossings[mesh];
            int balance = 0;
            for (int i = x.start[line]; i < x.start[line + 1]; i++) {
                event(x.at[i], mesh, x.turn[i], BOUND_OF_MESH[mesh], x.areaMm2[i]);
                balance += x.turn[i];
            }
            if (balance != 0) {
                return false;
            }
        }
        return true;
    }

    /** Where a line enters or leaves what lies above the neck's cut and in the field of view. */
    private void end(double at, int turn, boolean isNeck, double neckArea, double viewArea) {
        if (isNeck) {
            event(at, NECK, turn, Boundary.NECK, neckArea);
        } else {
            event(at, NECK, turn, Boundary.FIELD_OF_VIEW, viewArea);
        }
    }

    /** Enters an event behind all that are not beyond it. */
    private void event(double at, int what, int turn, byte bound, double area) {
        if (events == eventAt.length) {
            eventAt = Arrays.copyOf(eventAt, 2 * events);
            eventCode = Arrays.copyOf(eventCode, 2 * events);
            eventArea = Arrays.copyOf(eventArea, 2 * events);
        }
        int e = events++;
        while (e > 0 && eventAt[e - 1] > at) {
            eventAt[e] = eventAt[e - 1];
            eventCode[e] = eventCode[e - 1];
            eventArea[e] = eventArea[e - 1];
            e--;
        }
        eventAt[e] = at;
        eventCode[e] = what | bound << 4 | (turn > 0 ? 1 << 8 : 0);
        eventArea[e] = area;
    }

    private void sweep(LineIntervals free, LineIntervals all, double thinnest) {
        Arrays.fill(winding, 0);
        int freeFrom = -1;
        int allFrom = -1;
        for (int e = 0; e < events; e++) {
            int code = eventCode[e];
            winding[code & 15] += code >> 8 == 0 ? -1 : 1;
            boolean mandible = winding[MANDIBLE] > 0;
            boolean inReach = winding[INFLATED] > 0 && winding[NECK] > 0;
            boolean isFree = inReach && !mandible && winding[TEMPORAL] <= 0 && winding[MOUTH] > 0;
            boolean isAny = isFree || (inReach && mandible);
            if (isFree && freeFrom < 0) {
                freeFrom = e;
            } else if (!isFree && freeFrom >= 0) {
                if (eventAt[e] - eventAt[freeFrom] > SHORTEST) {
                    free.add(eventAt[freeFrom], eventAt[e]);
                    if (eventAt[e] - eventAt[freeFrom] > thinnest) {
                        areasMm2[eventCode[freeFrom] >> 4 & 15] += eventArea[freeFrom];
                        areasMm2[code >> 4 & 15] += eventArea[e];
                    }
                }
                freeFrom = -1;
            }
            if (isAny && allFrom < 0) {
                allFrom = e;
            } else if (!isAny && allFrom >= 0) {
                if (eventAt[e] - eventAt[allFrom] > SHORTEST) {
                    all.add(eventAt[allFrom], eventAt[e]);
                }
                allFrom = -1;
            }
        }
    }

    /**
     * How much of each voxel of the VOI lies in the negative volume: the mean of its share of the
     * lines along the three axes.
     */
    float[] fractions() {
        float[] f = new float[Math.toIntExact(grid.voxelCount())];
        float weight = 1f / (3 * nodes[0] * nodes[1] * nodes[2]);
        int[] stride = {1, grid.columns(), grid.columns() * grid.rows()};
        for (int axis = 0; axis < 3; axis++) {
            int uAxis = (axis + 1) % 3;
            int vAxis = (axis + 2) % 3;
            LineIntervals l = negative[axis];
            int n = nodes[axis];
            for (int v = 0; v < size[vAxis]; v++) {
                for (int u = 0; u < size[uAxis]; u++) {
                    int line = u + size[uAxis] * v;
                    int base =
                            (first[uAxis] + u) / nodes[uAxis] * stride[uAxis]
                                    + (first[vAxis] + v) / nodes[vAxis] * stride[vAxis];
                    for (int i = l.start[line]; i < l.start[line + 1]; i++) {
                        // In units of nodes from the VOI's first border.
                        double a = l.ends[2 * i] + first[axis] + 0.5;
                        double b = l.ends[2 * i + 1] + first[axis] + 0.5;
                        int last = Math.min((int) (b / n), grid.size(axis) - 1);
                        for (int voxel = Math.max(0, (int) (a / n)); voxel <= last; voxel++) {
                            double part =
                                    Math.min(b, n * (voxel + 1.0))
                                            - Math.max(a, n * (double) voxel);
                            f[base + voxel * stride[axis]] += (float) (part * weight);
                        }
                    }
                }
            }
        }
        for (int o = 0; o < f.length; o++) {
            f[o] = Math.min(1, f[o]);
        }
        return f;
    }

    /** The closed surface of a region given by its intervals along the three axes. */
    TriangleMesh surface(LineIntervals[] region) {
        return MarchingCells.march(new Nodes(region), size[0], size[1], size[2], toPatient);
    }

    /** The nodes inside are those on the intervals along i; crossings come from all three axes. */
    private final class Nodes implements MarchingCells.Lattice {

        private final LineIntervals[] region;

        Nodes(LineIntervals[] region) {
            this.region = region;
        }

        @Override
        public boolean inside(int k, byte[] flags) {
            Arrays.fill(flags, (byte) 0);
            LineIntervals l = region[0];
            boolean any = false;
            for (int j = 0; j < size[1]; j++) {
                int line = j + size[1] * k;
                int row = (j + 1) * (size[0] + 2) + 1;
                for (int i = l.start[line]; i < l.start[line + 1]; i++) {
                    int a = (int) Math.ceil(Math.max(0, l.ends[2 * i]));
                    int b = (int) Math.ceil(Math.min(size[0], l.ends[2 * i + 1]));
                    if (a < b) {
                        Arrays.fill(flags, row + a, row + b, (byte) 1);
                        any = true;
                    }
                }
            }
            return any;
        }

        /**
         * The asymptotic decider without values: along an edge the bilinear interpolant's values
         * are to each other as the parts into which the surface cuts it.
         */
        @Override
        public int joinedFaces(int i, int j, int k, int inside, int ambiguous) {
            int joined = 0;
            for (int face = 0; face < 6; face++) {
                if ((ambiguous >> face & 1) == 0) {
                    continue;
                }
                // Both cells of a face must multiply in the same order.
                double in = 1;
                double out = 1;
                for (int edge = 0; edge < 12; edge++) {
                    int from = CellPatches.EDGE_FROM[edge];
                    if (CellPatches.isOnFace(face, edge)) {
                        int axis = edge >> 2;
                        double t =
                                place(axis, i + (from & 1), j + (from >> 1 & 1), k + (from >> 2));
                        boolean fromInside = (inside >> from & 1) != 0;
                        in *= fromInside ? t : 1 - t;
                        out *= fromInside ? 1 - t : t;
                    }
                }
                if (in > out) {
                    joined |= 1 << face;
                }
            }
            return joined;
        }

        @Override
        public double crossing(int axis, int i, int j, int k) {
            return place(axis, i, j, k);
        }

        private double place(int axis, int i, int j, int k) {
            int u = axis == 0 ? j : axis == 1 ? k : i;
            int v = axis == 0 ? k : axis == 1 ? i : j;
            double node = axis == 0 ? i : axis == 1 ? j : k;
            LineIntervals l = region[axis];
            int nu = size[(axis + 1) % 3];
            double best = Double.NaN;
            if (u >= 0 && v >= 0 && u < nu && v < size[(axis + 2) % 3]) {
                int line = u + nu * v;
                // Where lines along two axes disagree by rounding, or two ends lie between the
                // nodes, the one nearest to the middle.
                for (int e = 2 * l.start[line]; e < 2 * l.start[line + 1]; e++) {
                    double t = l.ends[e] - node;
                    if (t > -0.01 && t < 1.01 && !(Math.abs(t - 0.5) >= Math.abs(best - 0.5))) {
                        best = t;
                    }
                }
            }
            return Double.isNaN(best)
                    ? 0.5
                    : Math.clamp(best, IsoSurface.NEAREST_TO_NODE, 1 - IsoSurface.NEAREST_TO_NODE);
        }
    }
}
