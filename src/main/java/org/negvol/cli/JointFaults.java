package org.negvol.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.SelfIntersections;
import org.negvol.surface.TriangleMesh;

/** What is wrong with the surfaces of a joint; nothing ever should be. */
final class JointFaults {

    /** Deeper than this no vertex of the negative volume lies in the temporal bone, mm. */
    static final double DEEPEST_MM = 0.02;

    /** The voxels' volume and the mesh's differ by less than this part. */
    private static final double VOLUMES_DIFFER = 0.02;

    private JointFaults() {}

    /** One sentence for each fault. */
    static List<String> of(JointSurfaces joint) {
        List<String> faults = new ArrayList<>();
        mesh("condyle", joint.condyle(), faults);
        mesh("temporal bone", joint.temporalBone(), faults);
        mesh("inflated surface", joint.inflated(), faults);
        mesh("negative volume", joint.negativeVolume(), faults);
        depth(joint, faults);
        double voxels = 0;
        for (float f : joint.negativeFraction().values()) {
            voxels += f;
        }
        voxels *= joint.negativeFraction().geometry().voxelVolumeMm3();
        double mesh = MeshMeasures.volumeMm3(joint.negativeVolume());
        if (!(Math.abs(mesh / voxels - 1) < VOLUMES_DIFFER)) {
            faults.add(say("the mesh encloses %.1f mm3, the voxels hold %.1f mm3", mesh, voxels));
        }
        return faults;
    }

    private static void mesh(String name, TriangleMesh mesh, List<String> faults) {
        MeshMeasures m = MeshMeasures.of(mesh);
        if (!m.closed()) {
            faults.add("the " + name + " is not closed");
        }
        if (!m.manifold()) {
            faults.add("the " + name + " is no manifold");
        }
        if (!m.oriented() || !(m.volumeMm3() > 0)) {
            faults.add("the " + name + " is not oriented outwards");
        }
        int crossings = SelfIntersections.count(mesh);
        if (crossings > 0) {
            faults.add(say("the %s passes through itself at %d places", name, crossings));
        }
    }

    private static void depth(JointSurfaces joint, List<String> faults) {
        MeshDistance.Query bone = MeshDistance.of(joint.temporalBone()).query();
        double[] p = joint.negativeVolume().xyzMm();
        double deepest = 0;
        for (int v = 0; v < p.length; v += 3) {
            deepest = Math.max(deepest, -bone.signedDistanceMm(p[v], p[v + 1], p[v + 2]));
        }
        if (deepest > DEEPEST_MM) {
            faults.add(say("a vertex lies %.3f mm deep in the temporal bone", deepest));
        }
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
