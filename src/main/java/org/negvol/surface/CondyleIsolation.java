package org.negvol.surface;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.negvol.surface.JointSurfaceResult.NotMeasurable;
import org.negvol.surface.JointSurfaceResult.Reason;
import org.negvol.volume.Affine;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Where is the condyle, and where does its neck begin?
 *
 * <p>The mandible of a VOI is condyle, neck, a part of the ramus and often the coronoid process.
 * For a direction a let the top be the highest vertex along a near the joint's centre, and S(a) the
 * mean area of the mandible's cross-sections in the planes perpendicular to a that lie D, D + 2, D
 * + 4 and D + 6 mm below the top. The condyle's axis is the direction within some 20° of the way
 * from neck to fossa whose S(a) is smallest: across its axis a neck is narrowest, and a plane that
 * is tilted cuts into the head on one side.
 *
 * <p>The rule uses nothing more than D + 6 mm below the top, so that the axis is the same wherever
 * the scan or the VOI ends further down, and no patient axis, so that it turns with the head. (The
 * line through the centroids of sections, or the principal axes, would not do: for a head twice as
 * wide as deep both tip over towards a pole.) Areas are those of the mesh, exact, so that the axis
 * does not depend on how the grid lies.
 */
final class CondyleIsolation {

    /** The top of the condyle is this near to the joint's centre; the coronoid process is not. */
    private static final double TOP_WITHIN_MM = 14;

    /** The condyle's surface is at least this near to the joint's centre. */
    private static final double CENTRE_WITHIN_MM = 12;

    /** A piece of bone smaller than this is no condyle: the smallest in the norms has 500 mm³. */
    private static final double SMALLEST_MM3 = 40;

    /** The axis has settled when a step turns it by less than this, radians. */
    private static final double SETTLED = 1e-5;

    private static final int MOST_STEPS = 40;

    /** Step of the first fan of directions, radians. */
    private static final double FAN = Math.toRadians(10);

    /**
     * Widest angle from the axis at which sections enter the fit, radians. The area of a real
     * condyle's section changes by some percent over tens of degrees, and has small bumps: a fit
     * over 8° found one or the other, 13° apart.
     */
    private static final double FIT = Math.toRadians(18);

    /**
     * An axis that leans further from the way from neck to fossa, radians, is none: along condyle
     * and neck the sections of a blurred scan may be smaller than across. Real axes lay within 20°.
     */
    private static final double MOST_LEAN = Math.toRadians(35);

    /** The middle of a condyle's head lies about this far below its top, mm. */
    private static final double HEAD_BELOW_TOP_MM = 6;

    /** The head's middle has settled when a round moves it by less than this, mm. */
    private static final double HEAD_SETTLED_MM = 0.2;

    private static final int MOST_ROUNDS = 4;

    /** Neck sections lie within this of the joint's centre; the coronoid process does not. */
    private static final double SECTIONS_WITHIN_MM = 18;

    /** Stands for a plane below everything. */
    private static final double NO_PLANE_MM = 1e6;

    /** A coronoid process stands at least this high above the notch, mm. */
    private static final double CORONOID_MM = 3;

    private final TriangleMesh mesh;
    private final MeshEdges edges;
    private final VolumeGeometry grid;
    private final Affine toIndex;
    private final double[] p;
    private final int[] c;

    /** One triangle of each vertex. */
    private final int[] triangleOf;

    private final int[] seen;
    private final int[] stack;
    private int mark;

    private Vec3 axis = new Vec3(0, 0, 1);
    private int top;

    /** Sums over the region above the plane. */
    private Region region = new Region(0, new Vec3(0, 0, 0), 0, new Vec3(0, 0, 0), 0, false, 0);

    private CondyleIsolation(TriangleMesh mandible, MeshEdges edges, VolumeGeometry grid) {
        mesh = mandible;
        this.edges = edges;
        this.grid = grid;
        toIndex = grid.indexToPatient().inverse();
        p = mesh.xyzMm();
        c = mesh.triangles();
        triangleOf = new int[mesh.vertexCount()];
        for (int s = 0; s < c.length; s++) {
            triangleOf[c[s]] = s / 3;
        }
        seen = new int[mesh.triangleCount()];
        stack = new int[mesh.triangleCount()];
    }

    /**
     * @param volumeMm3 of what lies above the plane
     * @param centroid of what lies above the plane
     * @param sectionMm2 area of the cross-section in the plane
     * @param section centroid of the cross-section
     * @param lowestMm largest depth met
     * @param atBorder whether it touches the border of the grid
     * @param flatEndMm2 area of a flat end above the plane
     */
    private record Region(
            double volumeMm3,
            Vec3 centroid,
            double sectionMm2,
            Vec3 section,
            double lowestMm,
            boolean atBorder,
            double flatEndMm2) {}

    /** Either the condyle or why there is none. */
    record Found(@Nullable Condyle condyle, @Nullable NotMeasurable obstacle) {}

    /**
     * @param mandible closed surface of all mandible in the VOI
     * @param grid the VOI
     * @param centreMm the joint's centre, to a few mm
     * @param fossaMm centre of the temporal bone near the joint, to tell up from down
     */
    static Found find(
            TriangleMesh mandible,
            VolumeGeometry grid,
            Vec3 centreMm,
            Vec3 fossaMm,
            NegativeVolumeParameters parameters) {
        CondyleIsolation i = new CondyleIsolation(mandible, MeshEdges.of(mandible), grid);
        return i.find(centreMm, fossaMm, parameters);
    }

    private Found find(Vec3 centre, Vec3 fossa, NegativeVolumeParameters parameters) {
        int[] component = components();
        int own = componentAt(component, centre);
        if (own < 0) {
            return not(
                    Reason.NO_CONDYLE,
                    "No mandibular bone larger than %.0f mm³ lies within %.0f mm of the joint's centre."
                            .formatted(SMALLEST_MM3, CENTRE_WITHIN_MM));
        }
        double depth = parameters.neckCutBelowTopMm();
        if (!findAxis(component, own, centre, firstGuess(component, own, centre, fossa), depth)) {
            return not(
                    Reason.AXIS_NOT_FOUND,
                    "The condyle's axis cannot be told: within %.0f° of the way from neck to fossa no cut of the neck is the smallest."
                            .formatted(Math.toDegrees(MOST_LEAN)));
        }
        region = measure(depth);
        double lowest = lowest(component, own);
        NeckCut cut = parameters.neckCut();
        if (cut == NeckCut.SIGMOID_NOTCH) {
            depth = notchDepth(component, own);
            if (Double.isNaN(depth)) {
                return not(
                        Reason.CUT_NOT_FOUND,
                        "The neck was to be cut at the sigmoid notch, but no coronoid process joins the condyle within the %.1f mm of mandible that are seen."
                                .formatted(lowest));
            }
            region = measure(depth);
        } else if (cut == NeckCut.NONE) {
            region = measure(NO_PLANE_MM);
        }
        if (cut != NeckCut.NONE && (region.atBorder() || region.flatEndMm2() > 0)) {
            return not(
                    Reason.CUT_BY_FIELD_OF_VIEW,
                    "The field of view ends %.1f mm below the condyle's top, above the neck's cut at %.1f mm."
                            .formatted(region.lowestMm(), depth));
        }
        Vec3 topPoint = mesh.vertex(top);
        boolean isCut = region.sectionMm2() > 0;
        Vec3 cutPoint = isCut ? region.section() : topPoint.minus(axis.times(region.lowestMm()));
        return new Found(
                new Condyle(
                        axis, topPoint, cutPoint, isCut ? depth : Double.POSITIVE_INFINITY, lowest),
                null);
    }

    /**
     * Settles axis and top.
     *
     * @param up the way from neck to fossa, roughly
     * @return whether there is an axis near it
     */
    private boolean findAxis(int[] component, int own, Vec3 centre, Vec3 up, double depth) {
        for (double fit : new double[] {FIT, FIT / 2}) {
            axis = up;
            // From the given centre to one that hangs on the condyle alone, so that a centre some
            // millimetres off leads to the same axis.
            Vec3 head = centre;
            for (int round = 0; round < MOST_ROUNDS; round++) {
                settle(component, own, head, up, depth, fit);
                top = top(component, own, head);
                Vec3 next = mesh.vertex(top).minus(axis.times(HEAD_BELOW_TOP_MM));
                boolean settled = next.distanceTo(head) < HEAD_SETTLED_MM;
                head = next;
                if (settled) {
                    break;
                }
            }
            if (axis.dot(up) >= Math.cos(MOST_LEAN)) {
                return true;
            }
        }
        return false;
    }

    private static Found not(Reason reason, String sentence) {
        return new Found(null, new NotMeasurable(reason, sentence));
    }

    /** Numbers the connected parts of the mesh. */
    private int[] components() {
        int[] component = new int[mesh.triangleCount()];
        Arrays.fill(component, -1);
        int n = 0;
        for (int seed = 0; seed < component.length; seed++) {
            if (component[seed] >= 0) {
                continue;
            }
            int depth = 0;
            stack[depth++] = seed;
            component[seed] = n;
            while (depth > 0) {
                int t = stack[--depth];
                for (int s = 3 * t; s < 3 * t + 3; s++) {
                    int other = edges.across[s] / 3;
                    if (edges.across[s] >= 0 && component[other] < 0) {
                        component[other] = n;
                        stack[depth++] = other;
                    }
                }
            }
            n++;
        }
        return component;
    }

    /** The part of a condyle's size that is nearest to a point, or -1. */
    private int componentAt(int[] component, Vec3 centre) {
        int n = 0;
        for (int k : component) {
            n = Math.max(n, k + 1);
        }
        double[] volume = new double[n];
        double[] nearest = new double[n];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        double[] o = {centre.x(), centre.y(), centre.z()};
        for (int t = 0; t < component.length; t++) {
            volume[component[t]] += sixVolumes(3 * c[3 * t], 3 * c[3 * t + 1], 3 * c[3 * t + 2], o);
            for (int s = 3 * t; s < 3 * t + 3; s++) {
                double d = squared(3 * c[s], o);
                if (d < nearest[component[t]]) {
                    nearest[component[t]] = d;
                }
            }
        }
        int best = -1;
        for (int k = 0; k < n; k++) {
            if (volume[k] / 6 >= SMALLEST_MM3
                    && nearest[k] <= CENTRE_WITHIN_MM * CENTRE_WITHIN_MM
                    && (best < 0 || nearest[k] < nearest[best])) {
                best = k;
            }
        }
        return best;
    }

    /**
     * Up, roughly: away from the middle of the mandible's surface near the joint, and towards the
     * temporal bone.
     */
    private Vec3 firstGuess(int[] component, int own, Vec3 centre, Vec3 fossa) {
        double[] sum = new double[3];
        double[] o = {centre.x(), centre.y(), centre.z()};
        double n = 0;
        for (int t = 0; t < component.length; t++) {
            int v = 3 * c[3 * t];
            if (component[t] == own && squared(v, o) < TOP_WITHIN_MM * TOP_WITHIN_MM) {
                for (int q = 0; q < 3; q++) {
                    sum[q] += p[v + q] - o[q];
                }
                n++;
            }
        }
        Vec3 down = n > 0 ? new Vec3(sum[0] / n, sum[1] / n, sum[2] / n) : new Vec3(0, 0, 0);
        Vec3 up = fossa.minus(centre).minus(down);
        return up.norm() > 1 ? up.normalised() : new Vec3(0, 0, 1);
    }

    /**
     * Turns the axis until the neck's section is smallest: first over a fan about {@code up}, then
     * by Newton steps on the paraboloid that fits the section's area in the directions round the
     * axis best. Fitting over some angle makes the axis one of the shape and not of its mesh: near
     * its minimum the area is flat.
     *
     * @param fit widest angle from the axis at which sections enter the fit, radians
     */
    private void settle(int[] component, int own, Vec3 centre, Vec3 up, double depth, double fit) {
        NeckSections sections = sections(component, own, centre);
        double best = sections.areaMm2(axis, depth);
        while (Double.isInfinite(best) && sections.leaveOutLowest()) {
            best = sections.areaMm2(axis, depth);
        }
        if (Double.isInfinite(best)) {
            return;
        }
        Vec3 from = up;
        for (int ring = 1; ring <= 2; ring++) {
            for (int n = 0; n < 6 * ring; n++) {
                double azimuth = Math.PI * n / (3 * ring);
                Vec3 u = perpendicular(from);
                Vec3 w = from.cross(u);
                Vec3 side = u.times(Math.cos(azimuth)).plus(w.times(Math.sin(azimuth)));
                double angle = ring * FAN;
                Vec3 a = from.times(Math.cos(angle)).plus(side.times(Math.sin(angle)));
                double s = sections.areaMm2(a, depth);
                if (s < best) {
                    best = s;
                    axis = a;
                }
            }
        }
        Vec3 u = perpendicular(axis);
        double radius = fit;
        for (int step = 0; step < MOST_STEPS; step++) {
            u = u.minus(axis.times(u.dot(axis))).normalised();
            Vec3 w = axis.cross(u);
            double[] turn = sections.towardsSmallest(axis, u, w, depth, radius);
            if (turn.length == 0) {
                // A direction of the fit leaves the field of view: a narrower fit may do.
                radius /= 2;
                if (radius < fit / 5) {
                    return;
                }
                continue;
            }
            axis = axis.plus(u.times(turn[0])).plus(w.times(turn[1])).normalised();
            if (Math.hypot(turn[0], turn[1]) < SETTLED) {
                return;
            }
        }
    }

    /** The part of the mesh from which neck sections are taken. */
    private NeckSections sections(int[] component, int own, Vec3 centre) {
        double[] o = {centre.x(), centre.y(), centre.z()};
        int[] kept = new int[c.length];
        int n = 0;
        for (int t = 0; t < component.length; t++) {
            if (component[t] == own
                    && squared(3 * c[3 * t], o) < SECTIONS_WITHIN_MM * SECTIONS_WITHIN_MM) {
                kept[n++] = c[3 * t];
                kept[n++] = c[3 * t + 1];
                kept[n++] = c[3 * t + 2];
            }
        }
        return new NeckSections(p, Arrays.copyOf(kept, n), o, TOP_WITHIN_MM, this::outsideGrid);
    }

    /** The vertex of the part that is highest along the axis, near the joint's centre. */
    private int top(int[] component, int own, Vec3 centre) {
        double[] o = {centre.x(), centre.y(), centre.z()};
        double within = TOP_WITHIN_MM * TOP_WITHIN_MM;
        double highest = Double.NEGATIVE_INFINITY;
        int best = -1;
        for (int v = 0; v < triangleOf.length; v++) {
            double h = height(v);
            if (h > highest && component[triangleOf[v]] == own && squared(3 * v, o) < within) {
                highest = h;
                best = v;
            }
        }
        return best;
    }

    private double lowest(int[] component, int own) {
        double h = height(top);
        double lowest = 0;
        for (int v = 0; v < triangleOf.length; v++) {
            if (component[triangleOf[v]] == own) {
                lowest = Math.max(lowest, h - height(v));
            }
        }
        return lowest;
    }

    private double height(int v) {
        return p[3 * v] * axis.x() + p[3 * v + 1] * axis.y() + p[3 * v + 2] * axis.z();
    }

    /** Integrals over what hangs together with the top above the plane. */
    private Region measure(double depth) {
        double plane = height(top) - depth;
        Vec3 t = mesh.vertex(top);
        // All tetrahedra have their apex on the plane, so the cap in the plane adds nothing.
        Vec3 apex = depth < NO_PLANE_MM ? t.minus(axis.times(depth)) : t;
        double[] o = {apex.x(), apex.y(), apex.z()};
        Vec3 u = perpendicular(axis);
        Vec3 w = axis.cross(u);
        Sums sums = new Sums(o, u, w);
        mark++;
        int n = 0;
        stack[n++] = triangleOf[top];
        seen[triangleOf[top]] = mark;
        double deepest = 0;
        boolean border = false;
        FlatEnd end = new FlatEnd();
        while (n > 0) {
            int tri = stack[--n];
            double h0 = height(c[3 * tri]) - plane;
            double h1 = height(c[3 * tri + 1]) - plane;
            double h2 = height(c[3 * tri + 2]) - plane;
            sums.add(3 * c[3 * tri], 3 * c[3 * tri + 1], 3 * c[3 * tri + 2], h0, h1, h2);
            for (int q = 0; q < 3; q++) {
                int s = 3 * tri + q;
                double from = q == 0 ? h0 : q == 1 ? h1 : h2;
                double to = q == 0 ? h1 : q == 1 ? h2 : h0;
                if (from > 0) {
                    deepest =
                            Math.max(
                                    deepest,
                                    depth < NO_PLANE_MM
                                            ? depth - from
                                            : height(top) - height(c[s]));
                    border |= outsideGrid(c[s]);
                }
                int other = edges.across[s];
                if (other >= 0 && (from > 0 || to > 0) && seen[other / 3] != mark) {
                    seen[other / 3] = mark;
                    stack[n++] = other / 3;
                }
            }
        }
        double flat = sums.area2 <= 0 ? end.of(deepest) : 0;
        return new Region(
                sums.six / 6,
                sums.centroid(),
                sums.area2 / 2,
                sums.section(),
                deepest,
                border,
                flat);
    }

    private boolean outsideGrid(int v) {
        double x = p[3 * v];
        double y = p[3 * v + 1];
        double z = p[3 * v + 2];
        for (int r = 0; r < 3; r++) {
            double i =
                    toIndex.get(r, 0) * x
                            + toIndex.get(r, 1) * y
                            + toIndex.get(r, 2) * z
                            + toIndex.get(r, 3);
            if (i < -0.25 || i > grid.size(r) - 0.75) {
                return true;
            }
        }
        return false;
    }

    /**
     * A flat face at the lower end of what was just visited: bone does not end so, scans do. Its
     * area, or 0 if less than a third of the piece's largest cross-section could be.
     */
    private final class FlatEnd {

        double of(double deepest) {
            Vec3 sum = Vec3.ZERO;
            double h = height(top);
            for (int t = 0; t < seen.length; t++) {
                if (seen[t] == mark && facesDown(t, h - deepest / 2)) {
                    sum = sum.plus(mesh.twiceArea(t));
                }
            }
            double length = sum.norm();
            if (length == 0) {
                return 0;
            }
            Vec3 mean = sum.times(1 / length);
            double along = Double.NEGATIVE_INFINITY;
            for (int t = 0; t < seen.length; t++) {
                if (seen[t] == mark) {
                    along = Math.max(along, mesh.vertex(c[3 * t]).dot(mean));
                }
            }
            double flat = 0;
            for (int t = 0; t < seen.length; t++) {
                if (seen[t] != mark || !facesDown(t, h - deepest / 2)) {
                    continue;
                }
                Vec3 n = mesh.twiceArea(t);
                double twice = n.norm();
                double at = mesh.vertex(c[3 * t]).dot(mean);
                // Within 0.3 mm of the furthest point and 10 degrees of the common normal.
                if (at > along - 0.3 && n.dot(mean) > 0.985 * twice) {
                    flat += twice / 2;
                }
            }
            return flat > LEAST_FLAT_MM2 ? flat : 0;
        }

        private boolean facesDown(int t, double below) {
            Vec3 n = mesh.twiceArea(t);
            double twice = n.norm();
            return twice > 0 && height(c[3 * t]) < below && n.dot(axis) < -0.7 * twice;
        }
    }

    /** A neck's section is at least twice as large; the lower end of a ball is never so flat. */
    private static final double LEAST_FLAT_MM2 = 20;

    /**
     * Depth of the notch: where, going down, a second peak that stands at least {@link
     * #CORONOID_MM} high joins the condyle; NaN if none does. Heights are joined in their order, as
     * in a merge tree of the surface.
     */
    private double notchDepth(int[] component, int own) {
        int n = triangleOf.length;
        double h = height(top);
        long[] order = new long[n];
        int count = 0;
        for (int v = 0; v < n; v++) {
            if (component[triangleOf[v]] == own) {
                // Depths to 0.1 µm; ties in the order of the vertices.
                long depth = Math.round((h - height(v) + 1000) * 1e7);
                order[count++] = depth << 28 | v;
            }
        }
        order = Arrays.copyOf(order, count);
        Arrays.sort(order);
        int[] start = new int[n + 1];
        for (int corner : c) {
            start[corner + 1]++;
        }
        for (int v = 0; v < n; v++) {
            start[v + 1] += start[v];
        }
        int[] neighbours = new int[c.length];
        int[] at = start.clone();
        for (int s = 0; s < c.length; s++) {
            neighbours[at[c[s]]++] = c[MeshEdges.next(s)];
        }
        int[] parent = new int[n];
        Arrays.fill(parent, -1);
        int[] peak = new int[n];
        for (long key : order) {
            int v = (int) (key & (1 << 28) - 1);
            parent[v] = v;
            peak[v] = v;
            for (int e = start[v]; e < start[v + 1]; e++) {
                int other = neighbours[e];
                if (parent[other] < 0) {
                    continue;
                }
                int a = root(parent, v);
                int b = root(parent, other);
                if (a == b) {
                    continue;
                }
                double lower = Math.min(height(peak[a]), height(peak[b]));
                boolean ours = root(parent, top) == a || root(parent, top) == b;
                if (ours && lower - height(v) >= CORONOID_MM) {
                    return h - height(v);
                }
                if (height(peak[b]) > height(peak[a])) {
                    peak[a] = peak[b];
                }
                parent[b] = a;
            }
        }
        return Double.NaN;
    }

    private static int root(int[] parent, int v) {
        if (parent[v] < 0) {
            return -1;
        }
        int r = v;
        while (parent[r] != r) {
            parent[r] = parent[parent[r]];
            r = parent[r];
        }
        return r;
    }

    private double squared(int at, double[] o) {
        double x = p[at] - o[0];
        double y = p[at + 1] - o[1];
        double z = p[at + 2] - o[2];
        return x * x + y * y + z * z;
    }

    private double sixVolumes(int a, int b, int d, double[] o) {
        double ax = p[a] - o[0];
        double ay = p[a + 1] - o[1];
        double az = p[a + 2] - o[2];
        double bx = p[b] - o[0];
        double by = p[b + 1] - o[1];
        double bz = p[b + 2] - o[2];
        double dx = p[d] - o[0];
        double dy = p[d + 1] - o[1];
        double dz = p[d + 2] - o[2];
        return ax * (by * dz - bz * dy) + ay * (bz * dx - bx * dz) + az * (bx * dy - by * dx);
    }

    /** Some unit vector perpendicular to a unit vector. */
    static Vec3 perpendicular(Vec3 a) {
        Vec3 least =
                Math.abs(a.x()) < Math.abs(a.y())
                        ? (Math.abs(a.x()) < Math.abs(a.z())
                                ? new Vec3(1, 0, 0)
                                : new Vec3(0, 0, 1))
                        : (Math.abs(a.y()) < Math.abs(a.z())
                                ? new Vec3(0, 1, 0)
                                : new Vec3(0, 0, 1));
        return a.cross(least).normalised();
    }

    /** Volume and section of the part of triangles that lies above a plane. */
    private final class Sums {

        private final double[] o;
        private final Vec3 u;
        private final Vec3 w;
        private final double[] corner = new double[12];
        private final double[] moment = new double[3];
        private double six;
        private double area2;
        private double areaU;
        private double areaW;

        Sums(double[] o, Vec3 u, Vec3 w) {
            this.o = o;
            this.u = u;
            this.w = w;
        }

        /** Corners given by their place in the coordinates, with their heights above the plane. */
        void add(int a, int b, int d, double ha, double hb, double hd) {
            int n = 0;
            n = side(a, b, ha, hb, n);
            n = side(b, d, hb, hd, n);
            n = side(d, a, hd, ha, n);
            for (int i = 1; i + 1 < n; i++) {
                fan(i, i + 1);
            }
            // The section's outline runs from where the triangle's outline dips below the plane to
            // where it comes back.
            if (n > 0 && (ha <= 0 || hb <= 0 || hd <= 0)) {
                int leave = ha > 0 && hb <= 0 ? 0 : hb > 0 && hd <= 0 ? 1 : 2;
                int enter = ha <= 0 && hb > 0 ? 0 : hb <= 0 && hd > 0 ? 1 : 2;
                outline(cut(leave, a, b, d, ha, hb, hd), cut(enter, a, b, d, ha, hb, hd));
            }
        }

        private Vec3 cut(int side, int a, int b, int d, double ha, double hb, double hd) {
            int from = side == 0 ? a : side == 1 ? b : d;
            int to = side == 0 ? b : side == 1 ? d : a;
            double hf = side == 0 ? ha : side == 1 ? hb : hd;
            double ht = side == 0 ? hb : side == 1 ? hd : ha;
            double t = hf / (hf - ht);
            return new Vec3(
                    p[from] + t * (p[to] - p[from]) - o[0],
                    p[from + 1] + t * (p[to + 1] - p[from + 1]) - o[1],
                    p[from + 2] + t * (p[to + 2] - p[from + 2]) - o[2]);
        }

        private int side(int a, int b, double ha, double hb, int count) {
            int n = count;
            if (ha > 0) {
                for (int q = 0; q < 3; q++) {
                    corner[3 * n + q] = p[a + q] - o[q];
                }
                n++;
            }
            if (ha > 0 != hb > 0) {
                double t = ha / (ha - hb);
                for (int q = 0; q < 3; q++) {
                    corner[3 * n + q] = p[a + q] + t * (p[b + q] - p[a + q]) - o[q];
                }
                n++;
            }
            return n;
        }

        private void fan(int i, int j) {
            double[] k = corner;
            double s =
                    k[0] * (k[3 * i + 1] * k[3 * j + 2] - k[3 * i + 2] * k[3 * j + 1])
                            + k[1] * (k[3 * i + 2] * k[3 * j] - k[3 * i] * k[3 * j + 2])
                            + k[2] * (k[3 * i] * k[3 * j + 1] - k[3 * i + 1] * k[3 * j]);
            six += s;
            for (int q = 0; q < 3; q++) {
                moment[q] += s * (k[q] + k[3 * i + q] + k[3 * j + q]) / 4;
            }
        }

        /** From leaving to entering the triangle lies to the left; the section to the right. */
        private void outline(Vec3 from, Vec3 to) {
            double fu = from.dot(u);
            double fw = from.dot(w);
            double tu = to.dot(u);
            double tw = to.dot(w);
            double cross = fu * tw - fw * tu;
            area2 += cross;
            areaU += cross * (fu + tu) / 3;
            areaW += cross * (fw + tw) / 3;
        }

        Vec3 centroid() {
            double s = six == 0 ? 1 : six;
            return new Vec3(o[0] + moment[0] / s, o[1] + moment[1] / s, o[2] + moment[2] / s);
        }

        Vec3 section() {
            double s = area2 == 0 ? 1 : area2;
            return new Vec3(o[0], o[1], o[2]).plus(u.times(areaU / s)).plus(w.times(areaW / s));
        }
    }
}
