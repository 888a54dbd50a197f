package org.negvol.segmentation;

import java.io.IOException;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Intensity;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VoiReader;
import org.negvol.volume.VolumeGeometry;

/** Which bone is where in a joint's volume of interest, and where exactly its surface lies. */
public final class JointSegmenter {

    /** A mandible smaller than this within the VOI, in mm³, is no condyle with its neck. */
    static final double LEAST_MANDIBLE_MM3 = 300;

    /** The same for the temporal bone. */
    static final double LEAST_TEMPORAL_MM3 = 300;

    private final Network network;

    JointSegmenter(Network network) {
        this.network = network;
    }

    /**
     * @param series the scan
     * @param intensity what takes its grey values to HU, as the localiser found it
     * @param found where the joint is
     * @return the joint, on {@link VoiGrid#around} its centre; or why there is none
     * @throws IOException if a slice cannot be read
     */
    public JointSegmentation segment(
            CtSeries series, Intensity intensity, JointLocation.Found found) throws IOException {
        VolumeGeometry voi = VoiGrid.around(found.centreMm());
        ScalarVolume hu = intensity.apply(VoiReader.read(series, voi));
        Probabilities p = probabilities(series, intensity, found, hu);
        byte[] owner = owner(p);
        if (volume(voi, owner, SegmentedJoint.CONDYLE) < LEAST_MANDIBLE_MM3
                || volume(voi, owner, SegmentedJoint.TEMPORAL_BONE) < LEAST_TEMPORAL_MM3) {
            return new JointLocation.Missing(
                    found.side(),
                    JointLocation.Why.LOW_CONFIDENCE,
                    "The overview suggests a %s joint, but the close look finds no condyle under a"
                                    .formatted(JointLocalizer.name(found.side()))
                            + " temporal bone there; look at the scan.");
        }
        return BoneSurfaces.refine(
                hu, owner, p.of(Meaning.MANDIBLE), p.of(Meaning.SKULL), found.side());
    }

    /** The network's view of the joint, on the grid of the VOI. */
    private Probabilities probabilities(
            CtSeries series, Intensity intensity, JointLocation.Found found, ScalarVolume hu)
            throws IOException {
        VolumeGeometry voi = hu.geometry();
        ModelManifest manifest = network.manifest();
        boolean mirrored = manifest.mirrorLeft() && found.side() == Side.LEFT;
        VolumeGeometry grid = manifest.grid(found.centreMm(), VoiGrid.EXTENT_MM, mirrored);
        ScalarVolume input =
                Regrid.isPartOf(grid, voi)
                        ? new ScalarVolume(grid, Regrid.linear(voi, hu.values(), grid, 0))
                        : intensity.apply(VoiReader.read(series, grid));
        return network.probabilities(input).on(voi);
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

    private static double volume(VolumeGeometry g, byte[] owner, byte bone) {
        int n = 0;
        for (byte b : owner) {
            n += b == bone ? 1 : 0;
        }
        return n * g.voxelVolumeMm3();
    }
}
