package org.negvol.surface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

/**
 * Lets the condyle's surface grow until bone stops it.
 *
 * <p>In each step every vertex that is still free wants to move by {@code stepMm} along the normal
 * of the current surface. That displacement field is regularised: {@code d′ = (1 − w) d + w · mean
 * of the neighbours' d} with stopped vertices at rest, and the free vertices move by d′. A vertex
 * stops where its way meets the temporal bone's mesh (exactly: the point of the mesh on its way),
 * or when the length of its way has come to the reach. The steps go on until no vertex is free, so
 * the regularisation shapes the ways and not where they end.
 *
 * <p>How near the bone is at least is asked again only when a vertex has moved so far that it may
 * have come there.
 */
final class Inflation {

    /** What a vertex was stopped by. */
    enum Stop {
        FREE,
        BONE,
        REACH,
        /** Neighbours hold it back: the bottom of a pit narrower than twice the way. */
        PRESSED
    }

    /** A free vertex that moves by less than this part of a step is pressed. */
    private static final double PRESSED_PART = 0.05;

    /** What stands less than this above its surroundings, in mm, is no horn. */
    private static final double LEAST_HORN_MM = 0.5;

    /** With weight w a free vertex moves by (1 − w) of a step at least, unless it is pressed. */
    private static final int MOST_STEPS_TIMES_REACH = 8;

    private final NegativeVolumeParameters parameters;
    private final int vertices;
    private final TriangleMesh moving;
    private final int[] c;
    private final double[] x;
    private final double[] normal;
    private final double[] wish;
    private final double[] way;
    private final double[] clear;
    private final int[] nearTriangle;
    private final double[] reach;
    private final Stop[] stop;
    private final int[] neighbourStart;
    private final int[] neighbours;
    private final MeshDistance.Query bone;

    private Inflation(
            TriangleMesh start, MeshDistance temporal, NegativeVolumeParameters p, double[] reach) {
        this.reach = reach;
        parameters = p;
        vertices = start.vertexCount();
        moving = new TriangleMesh(start.xyzMm().clone(), start.triangles());
        c = moving.triangles();
        x = moving.xyzMm();
        normal = new double[3 * vertices];
        wish = new double[3 * vertices];
        way = new double[vertices];
        clear = new double[vertices];
        nearTriangle = new int[vertices];
        stop = new Stop[vertices];
        neighbourStart = new int[vertices + 1];
        for (int v : c) {
            neighbourStart[v + 1]++;
        }
        for (int v = 0; v < vertices; v++) {
            neighbourStart[v + 1] += neighbourStart[v];
        }
        // On a closed surface each neighbour follows the vertex in exactly one triangle.
        neighbours = new int[c.length];
        int[] at = neighbourStart.clone();
        for (int s = 0; s < c.length; s++) {
            neighbours[at[c[s]]++] = c[MeshEdges.next(s)];
        }
        bone = temporal.query();
    }

    /**
     * @param mesh the surface where it stopped; same triangles as it started with
     * @param intoBone the same with vertices at bone moved a little into it, for Boolean
     *     operations: else the chords between them would leave slivers
     * @param stops what stopped each vertex
     * @param wayMm how far each vertex came
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Inflated(TriangleMesh mesh, TriangleMesh intoBone, Stop[] stops, double[] wayMm) {}

    /** How far into the bone {@link Inflated#intoBone} reaches, mm; less than bone is thick. */
    static final double INTO_BONE_MM = 0.15;

    static Inflated inflate(
            TriangleMesh start,
            MeshDistance temporal,
            NegativeVolumeParameters parameters,
            StageListener listener) {
        double[] reach = new double[start.vertexCount()];
        Arrays.fill(reach, parameters.reachMm());
        Inflation first = new Inflation(start, temporal, parameters, reach);
        first.run(StageListener.NONE);
        double[] shorter = first.reachOutsideGaps();
        if (Arrays.equals(shorter, reach) && listener == StageListener.NONE) {
            return first.result();
        }
        Inflation second = new Inflation(start, temporal, parameters, shorter);
        second.run(listener);
        return second.result();
    }

    /**
     * How far each vertex may go that no part of the surface narrower than the widest gap goes
     * further than what is round it: the ways' opening, a minimum and then a maximum over the
     * vertices within half a gap.
     */
    private double[] reachOutsideGaps() {
        int rings = (int) Math.round(parameters.widestGapMm() / 2 / parameters.edgeMm());
        double[] opened = opened(rings);
        double[] shorter = reach.clone();
        boolean[] seen = new boolean[vertices];
        for (int v = 0; v < vertices; v++) {
            if (!seen[v] && isHorn(v, opened)) {
                List<Integer> horn = horn(v, opened, seen);
                List<Integer> foot = around(horn, rings);
                // A gap has bone all round, but for other gaps; where the mouth is near, the way
                // out
                // is no gap.
                if (foot.stream().noneMatch(u -> stop[u] == Stop.REACH && !isHorn(u, opened))) {
                    horn.forEach(u -> shorter[u] = opened[u]);
                    // What of the foot came through the gap would stay behind the bone.
                    foot.forEach(u -> shorter[u] = Math.min(shorter[u], opened[u]));
                }
            }
        }
        return shorter;
    }

    private boolean isHorn(int v, double[] opened) {
        return way[v] > opened[v] + LEAST_HORN_MM;
    }

    /** The vertices of the horn that hang together with one of them. */
    private List<Integer> horn(int first, double[] opened, boolean[] seen) {
        List<Integer> horn = new ArrayList<>(List.of(first));
        seen[first] = true;
        for (int at = 0; at < horn.size(); at++) {
            int v = horn.get(at);
            for (int e = neighbourStart[v]; e < neighbourStart[v + 1]; e++) {
                int u = neighbours[e];
                if (!seen[u] && isHorn(u, opened)) {
                    seen[u] = true;
                    horn.add(u);
                }
            }
        }
        return horn;
    }

    /** The vertices within so many sides of some, without these. */
    private List<Integer> around(List<Integer> some, int sides) {
        Set<Integer> within = new LinkedHashSet<>(some);
        for (int n = 0; n < sides; n++) {
            for (int v : List.copyOf(within)) {
                for (int e = neighbourStart[v]; e < neighbourStart[v + 1]; e++) {
                    within.add(neighbours[e]);
                }
            }
        }
        return List.copyOf(within).subList(some.size(), within.size());
    }

    private double[] opened(int rings) {
        double[] ways = way;
        for (int r = 0; r < rings; r++) {
            ways = withNeighbours(ways, Math::min);
        }
        for (int r = 0; r < rings; r++) {
            ways = withNeighbours(ways, Math::max);
        }
        return ways;
    }

    private double[] withNeighbours(double[] values, DoubleBinaryOperator choice) {
        double[] out = values.clone();
        for (int v = 0; v < vertices; v++) {
            for (int e = neighbourStart[v]; e < neighbourStart[v + 1]; e++) {
                out[v] = choice.applyAsDouble(out[v], values[neighbours[e]]);
            }
        }
        return out;
    }

    private void begin() {
        int hint = 0;
        int sign = 1;
        for (int v = 0; v < vertices; v++) {
            double px = x[3 * v];
            double py = x[3 * v + 1];
            double pz = x[3 * v + 2];
            // No bone lies between this vertex and the last one if that is further from all bone.
            if (v == 0 || clear[v - 1] <= distance(v - 1, v)) {
                bone.nearest(px, py, pz, Double.POSITIVE_INFINITY, hint);
                clear[v] = bone.distanceMm();
                sign = bone.sign(px, py, pz);
            } else {
                clear[v] = bone.atLeastMm(px, py, pz, hint);
            }
            hint = bone.triangle();
            nearTriangle[v] = hint;
            stop[v] = sign < 0 ? Stop.BONE : Stop.FREE;
        }
    }

    private double distance(int v, int u) {
        double dx = x[3 * v] - x[3 * u];
        double dy = x[3 * v + 1] - x[3 * u + 1];
        double dz = x[3 * v + 2] - x[3 * u + 2];
        return Math.sqrt(dx * dx + dy * dy + dz * dz);
    }

    private void run(StageListener listener) {
        begin();
        double step = parameters.stepMm();
        double w = parameters.laplacianWeight();
        int most = (int) (MOST_STEPS_TIMES_REACH * parameters.reachMm() / step);
        int free = 1;
        for (int n = 0; n < most && free > 0; n++) {
            moving.putNormals(normal);
            for (int v = 0; v < vertices; v++) {
                double s = stop[v] == Stop.FREE ? step : 0;
                wish[3 * v] = s * normal[3 * v];
                wish[3 * v + 1] = s * normal[3 * v + 1];
                wish[3 * v + 2] = s * normal[3 * v + 2];
            }
            free = 0;
            for (int v = 0; v < vertices; v++) {
                if (stop[v] == Stop.FREE) {
                    move(v, w, step);
                    free += stop[v] == Stop.FREE ? 1 : 0;
                }
            }
            listener.inflating((n + 1) * step, () -> new TriangleMesh(x.clone(), c));
        }
    }

    private void move(int v, double w, double step) {
        double mx = 0;
        double my = 0;
        double mz = 0;
        for (int e = neighbourStart[v]; e < neighbourStart[v + 1]; e++) {
            int o = 3 * neighbours[e];
            mx += wish[o];
            my += wish[o + 1];
            mz += wish[o + 2];
        }
        double share = w / (neighbourStart[v + 1] - neighbourStart[v]);
        double dx = (1 - w) * wish[3 * v] + share * mx;
        double dy = (1 - w) * wish[3 * v + 1] + share * my;
        double dz = (1 - w) * wish[3 * v + 2] + share * mz;
        double length = Math.sqrt(dx * dx + dy * dy + dz * dz);
        if (length < PRESSED_PART * step) {
            stop[v] = Stop.PRESSED;
            return;
        }
        double left = reach[v] - way[v];
        if (length >= left) {
            double s = left / length;
            dx *= s;
            dy *= s;
            dz *= s;
            length = left;
            stop[v] = Stop.REACH;
        }
        double px = x[3 * v];
        double py = x[3 * v + 1];
        double pz = x[3 * v + 2];
        if (clear[v] <= length) {
            clear[v] = bone.atLeastMm(px, py, pz, nearTriangle[v]);
            nearTriangle[v] = bone.triangle();
            if (clear[v] <= length) {
                double met = bone.ray(px, py, pz, dx, dy, dz, 1);
                if (met <= 1) {
                    dx *= met;
                    dy *= met;
                    dz *= met;
                    length *= met;
                    stop[v] = Stop.BONE;
                }
            }
        }
        x[3 * v] = px + dx;
        x[3 * v + 1] = py + dy;
        x[3 * v + 2] = pz + dz;
        way[v] += length;
        clear[v] = Math.max(0, clear[v] - length);
    }

    private Inflated result() {
        moving.putNormals(normal);
        double[] deep = x.clone();
        for (int v = 0; v < vertices; v++) {
            if (stop[v] == Stop.BONE) {
                for (int q = 0; q < 3; q++) {
                    deep[3 * v + q] += INTO_BONE_MM * normal[3 * v + q];
                }
            }
        }
        return new Inflated(
                new TriangleMesh(x, c), new TriangleMesh(deep, c), stop.clone(), way.clone());
    }
}
