package org.negvol.segmentation;

import java.io.IOException;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Intensity;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VoiReader;
import org.negvol.volume.VolumeGeometry;

/** Which bone is where in a joint's volume of interest, and where exactly its surface lies. */
public final class JointSegmenter {

    /** A mandible smaller than this within the VOI, in mm³, is no condyle with its neck. */
    static final double LEAST_MANDIBLE_MM3 = 300;

    /** The same for the temporal bone. */
    static final double LEAST_TEMPORAL_MM3 = 300;

    /**
     * A VOI whose centre is further than this from the condyle's is left for one round the condyle,
     * mm. The VOI is half as wide as 19 mm, half a condyle up to 11 and its space 5.
     */
    static final double LARGEST_MISS_MM = 3;

    /** Metal, in HU: above enamel, and so high that scanners of twelve bits end there. */
    static final float METAL_HU = 2950;

    /** Metal of this volume, in mm³, within the joint's core hides bone; less may be noise. */
    static final double METAL_MM3 = 10;

    private final Network network;

    JointSegmenter(Network network) {
        this.network = network;
    }

    /**
     * Looks where the localiser saw the joint and, if the condyle's head turns out to lie off the
     * middle, once more round that head.
     *
     * @param series the scan
     * @param intensity what takes its grey values to HU, as the localiser found it
     * @param found where the joint is
     * @return the joint, on {@link VoiGrid#around} its centre; or why there is none
     * @throws IOException if a slice cannot be read
     */
    public JointSegmentation segment(
            CtSeries series, Intensity intensity, JointLocation.Found found) throws IOException {
        Look look = look(series, intensity, found.side(), found.centreMm());
        if (look.metalMm3(found.centreMm()) >= METAL_MM3) {
            return new JointLocation.Missing(
                    found.side(),
                    JointLocation.Why.METAL,
                    "There is metal in the %s joint, which hides the surfaces of its bones."
                            .formatted(JointLocalizer.name(found.side())));
        }
        Vec3 head = CondyleCentre.of(look.hu.geometry(), look.owner, found.centreMm());
        if (head != null && head.distanceTo(found.centreMm()) > LARGEST_MISS_MM) {
            look = look(series, intensity, found.side(), head);
            head = CondyleCentre.of(look.hu.geometry(), look.owner, head);
        }
        if (head == null
                || look.volume(SegmentedJoint.CONDYLE) < LEAST_MANDIBLE_MM3
                || look.volume(SegmentedJoint.TEMPORAL_BONE) < LEAST_TEMPORAL_MM3) {
            return new JointLocation.Missing(
                    found.side(),
                    JointLocation.Why.LOW_CONFIDENCE,
                    "The overview suggests a %s joint, but the close look finds no condyle under a"
                                    .formatted(JointLocalizer.name(found.side()))
                            + " temporal bone there; look at the scan.");
        }
        if (JointLocalizer.isCut(series.geometry(), head)) {
            return JointLocalizer.cut(found.side());
        }
        return BoneSurfaces.refineCleaned(
                look.hu,
                look.owner,
                look.p.of(Meaning.MANDIBLE),
                look.p.of(Meaning.SKULL),
                found.side());
    }

    /**
     * What the network said of a joint that was segmented, asked once more.
     *
     * @throws IOException if a slice cannot be read
     */
    public NetworkView view(CtSeries series, Intensity intensity, SegmentedJoint joint)
            throws IOException {
        VolumeGeometry voi = joint.hu().geometry();
        Vec3 centre =
                voi.toPatient(
                        (voi.columns() - 1) / 2.0,
                        (voi.rows() - 1) / 2.0,
                        (voi.slices() - 1) / 2.0);
        Look look = look(series, intensity, joint.side(), centre);
        float[] owner = new float[look.owner.length];
        for (int o = 0; o < owner.length; o++) {
            owner[o] = look.owner[o];
        }
        return new NetworkView(
                look.hu,
                new ScalarVolume(voi, owner),
                new ScalarVolume(voi, look.p.of(Meaning.MANDIBLE)),
                new ScalarVolume(voi, look.p.of(Meaning.SKULL)));
    }

    /** What the network says of a VOI. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Look(ScalarVolume hu, Probabilities p, byte[] owner) {

        double volume(byte bone) {
            int n = 0;
            for (byte b : owner) {
                n += b == bone ? 1 : 0;
            }
            return n * hu.geometry().voxelVolumeMm3();
        }

        /** Volume of the metal within the core of a joint. */
        double metalMm3(Vec3 centre) {
            VolumeGeometry g = hu.geometry();
            int n = 0;
            for (int k = 0; k < g.slices(); k++) {
                for (int j = 0; j < g.rows(); j++) {
                    for (int i = 0; i < g.columns(); i++) {
                        if (hu.get(i, j, k) >= METAL_HU
                                && g.toPatient(i, j, k).distanceTo(centre)
                                        <= JointLocalizer.CORE_MM) {
                            n++;
                        }
                    }
                }
            }
            return n * g.voxelVolumeMm3();
        }
    }

    private Look look(CtSeries series, Intensity intensity, Side side, Vec3 centreMm)
            throws IOException {
        VolumeGeometry voi = VoiGrid.around(centreMm);
        ScalarVolume hu = intensity.apply(VoiReader.read(series, voi));
        ModelManifest manifest = network.manifest();
        boolean mirrored = manifest.mirrorLeft() && side == Side.LEFT;
        VolumeGeometry grid = manifest.grid(centreMm, VoiGrid.EXTENT_MM, mirrored);
        ScalarVolume input =
                Regrid.isPartOf(grid, voi)
                        ? new ScalarVolume(grid, Regrid.linear(voi, hu.values(), grid, 0))
                        : intensity.apply(VoiReader.read(series, grid));
        Probabilities p = network.probabilities(input).on(voi);
        return new Look(hu, p, OwnerMap.clean(hu, owner(p)));
    }

    /** The most probable class of each voxel. */
    private static byte[] owner(Probabilities p) {
        float[] condyle = p.of(Meaning.MANDIBLE);
        float[] temporal = p.of(Meaning.SKULL);
        byte[] owner = new byte[condyle.length];
        for (int o = 0; o < owner.length; o++) {
            float background = 1 - condyle[o] - temporal[o];
            if (condyle[o] > background && condyle[o] >= temporal[o]) {
                owner[o] = SegmentedJoint.CONDYLE;
            } else if (temporal[o] > background) {
                owner[o] = SegmentedJoint.TEMPORAL_BONE;
            }
        }
        return owner;
    }
}
