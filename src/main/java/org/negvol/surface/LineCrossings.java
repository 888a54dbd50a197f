package org.negvol.surface;

import java.util.Arrays;

/**
 * Where the lines of a lattice pass through a mesh.
 *
 * <p>The lines run along one axis of the lattice through its nodes. Along a closed mesh every line
 * enters as often as it leaves: whether it passes a triangle is decided by the signs of the line
 * against the triangle's sides, and a sign is computed from the side's two vertices in the order of
 * their numbers, so that both triangles of a side see the same sign, rounding and all.
 */
final class LineCrossings {

    /** Of line l: the crossings start[l] to start[l + 1] - 1, not sorted. */
    final int[] start;

    /** Place on the line, in lattice units. */
    final double[] at;

    /** 1 where the line enters going up the axis, -1 where it leaves. */
    final byte[] turn;

    /** Area of the mesh for which the crossing stands, mm². */
    final double[] areaMm2;

    private LineCrossings(int[] start, double[] at, byte[] turn, double[] areaMm2) {
        this.start = start;
        this.at = at;
        this.turn = turn;
        this.areaMm2 = areaMm2;
    }

    /**
     * @param p vertices in lattice units
     * @param c triangles
     * @param axis along which the lines run
     * @param nu lines along the next axis, cyclically; line (u, v) has the number {@code u + nu v}
     * @param nv lines along the axis after that
     * @param area what a line stands for
     */
    static LineCrossings of(double[] p, int[] c, int axis, int nu, int nv, LineArea area) {
        return new Filling(p, c, axis, nu, nv, area).run();
    }

    private static final class Filling {
        private final double[] p;
        private final int[] c;
        private final int axis;
        private final int uAxis;
        private final int vAxis;
        private final int nu;
        private final int nv;
        private int[] line = new int[4096];
        private double[] at = new double[4096];
        private byte[] turn = new byte[4096];
        private double[] areaMm2 = new double[4096];
        private int count;
        private final LineArea area;

        Filling(double[] p, int[] c, int axis, int nu, int nv, LineArea area) {
            this.area = area;
            this.p = p;
            this.c = c;
            this.axis = axis;
            this.nu = nu;
            this.nv = nv;
            uAxis = (axis + 1) % 3;
            vAxis = (axis + 2) % 3;
        }

        LineCrossings run() {
            for (int t = 0; t < c.length; t += 3) {
                triangle(c[t], c[t + 1], c[t + 2]);
            }
            int[] start = new int[nu * nv + 1];
            for (int i = 0; i < count; i++) {
                start[line[i] + 1]++;
            }
            for (int l = 0; l < nu * nv; l++) {
                start[l + 1] += start[l];
            }
            double[] place = new double[count];
            byte[] sense = new byte[count];
            double[] part = new double[count];
            int[] next = Arrays.copyOf(start, nu * nv);
            for (int i = 0; i < count; i++) {
                int o = next[line[i]]++;
                place[o] = at[i];
                sense[o] = turn[i];
                part[o] = areaMm2[i];
            }
            return new LineCrossings(start, place, sense, part);
        }

        private void triangle(int a, int b, int d) {
            double au = p[3 * a + uAxis];
            double av = p[3 * a + vAxis];
            double bu = p[3 * b + uAxis];
            double bv = p[3 * b + vAxis];
            double du = p[3 * d + uAxis];
            double dv = p[3 * d + vAxis];
            int u0 = (int) Math.ceil(Math.max(0, Math.min(au, Math.min(bu, du))));
            int u1 = (int) Math.floor(Math.min(nu - 1, Math.max(au, Math.max(bu, du))));
            if (u0 > u1) {
                return;
            }
            int v0 = (int) Math.ceil(Math.max(0, Math.min(av, Math.min(bv, dv))));
            int v1 = (int) Math.floor(Math.min(nv - 1, Math.max(av, Math.max(bv, dv))));
            double part = -1;
            for (int v = v0; v <= v1; v++) {
                for (int u = u0; u <= u1; u++) {
                    double e0 = a < b ? side(au, av, bu, bv, u, v) : -side(bu, bv, au, av, u, v);
                    double e1 = b < d ? side(bu, bv, du, dv, u, v) : -side(du, dv, bu, bv, u, v);
                    double e2 = d < a ? side(du, dv, au, av, u, v) : -side(au, av, du, dv, u, v);
                    // A line through a side itself counts as left of it, seen in the canonical
                    // order.
                    boolean s0 = a < b ? e0 >= 0 : e0 > 0;
                    boolean s1 = b < d ? e1 >= 0 : e1 > 0;
                    boolean s2 = d < a ? e2 >= 0 : e2 > 0;
                    if (s0 == s1 && s1 == s2) {
                        double sum = e0 + e1 + e2;
                        double x = p[3 * a + axis];
                        if (sum != 0) {
                            double wb = e2 / sum;
                            double wd = e0 / sum;
                            x += wb * (p[3 * b + axis] - x) + wd * (p[3 * d + axis] - x);
                        }
                        // Anticlockwise seen from above: the outside lies above, the line leaves.
                        part = part < 0 ? areaMm2(3 * a, 3 * b, 3 * d) : part;
                        add(u + nu * v, x, s0 ? (byte) -1 : (byte) 1, part);
                    }
                }
            }
        }

        /** Area that each line through a triangle stands for. */
        private double areaMm2(int a, int b, int d) {
            double bx = p[b] - p[a];
            double by = p[b + 1] - p[a + 1];
            double bz = p[b + 2] - p[a + 2];
            double dx = p[d] - p[a];
            double dy = p[d + 1] - p[a + 1];
            double dz = p[d + 2] - p[a + 2];
            return area.mm2(axis, by * dz - bz * dy, bz * dx - bx * dz, bx * dy - by * dx);
        }

        private static double side(double au, double av, double bu, double bv, double u, double v) {
            return (bu - au) * (v - av) - (bv - av) * (u - au);
        }

        private void add(int l, double x, byte sense, double part) {
            if (count == line.length) {
                line = Arrays.copyOf(line, 2 * count);
                at = Arrays.copyOf(at, 2 * count);
                turn = Arrays.copyOf(turn, 2 * count);
                areaMm2 = Arrays.copyOf(areaMm2, 2 * count);
            }
            line[count] = l;
            at[count] = x;
            areaMm2[count] = part;
            turn[count++] = sense;
        }
    }
}
