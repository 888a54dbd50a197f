package org.negvol.surface;

import java.util.Arrays;

/**
 * Which triangle lies across each side of each triangle.
 *
 * <p>Side s of triangle t runs from its corner s to its corner s + 1 and has the number 3 t + s.
 */
final class MeshEdges {

    /** No triangle lies across: the surface has a border here. */
    static final int BORDER = -1;

    /** More than one triangle lies across, or the one across is oriented against this one. */
    static final int TANGLED = -2;

    /** For each side the number of the side across, or a negative mark. */
    final int[] across;

    final int borderSides;
    final int tangledSides;

    private MeshEdges(int[] across, int borderSides, int tangledSides) {
        this.across = across;
        this.borderSides = borderSides;
        this.tangledSides = tangledSides;
    }

    /** Expected time linear in the number of triangles. */
    static MeshEdges of(TriangleMesh mesh) {
        int[] corner = mesh.triangles();
        int sides = corner.length;
        // Sides in buckets of their smaller vertex; a bucket holds about six.
        int[] start = new int[mesh.vertexCount() + 2];
        for (int s = 0; s < sides; s++) {
            start[Math.min(corner[s], corner[next(s)]) + 2]++;
        }
        for (int v = 2; v < start.length; v++) {
            start[v] += start[v - 1];
        }
        int[] bucket = new int[sides];
        for (int s = 0; s < sides; s++) {
            bucket[start[Math.min(corner[s], corner[next(s)]) + 1]++] = s;
        }
        int[] across = new int[sides];
        Arrays.fill(across, BORDER);
        int border = 0;
        int tangled = 0;
        for (int v = 0; v < mesh.vertexCount(); v++) {
            for (int a = start[v]; a < start[v + 1]; a++) {
                int s = bucket[a];
                int other = Math.max(corner[s], corner[next(s)]);
                int same = 0;
                int twin = -1;
                for (int b = start[v]; b < start[v + 1]; b++) {
                    int t = bucket[b];
                    if (Math.max(corner[t], corner[next(t)]) == other) {
                        same++;
                        if (t != s) {
                            twin = t;
                        }
                    }
                }
                if (same == 1) {
                    border++;
                } else if (same > 2 || corner[s] == corner[twin]) {
                    across[s] = TANGLED;
                    tangled++;
                } else {
                    across[s] = twin;
                }
            }
        }
        return new MeshEdges(across, border, tangled);
    }

    /** The side after s in its triangle; its first vertex is the second of s. */
    static int next(int s) {
        return s % 3 == 2 ? s - 2 : s + 1;
    }
}
