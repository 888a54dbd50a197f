package org.negvol.segmentation;

import java.util.function.ToDoubleFunction;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.ScanArtefacts;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Series in memory. */
final class Scans {

    private Scans() {}

    static CtSeries of(HeadPhantom phantom, VolumeGeometry grid) {
        return CtSeries.inMemory(grid, slices(phantom, grid));
    }

    static short[][] slices(HeadPhantom phantom, VolumeGeometry grid) {
        return slices(phantom, grid, ScanArtefacts.NONE);
    }

    static short[][] slices(HeadPhantom phantom, VolumeGeometry grid, ScanArtefacts artefacts) {
        short[][] slices = new short[grid.slices()][];
        phantom.render(grid, 2, artefacts.before(grid, (k, hu, labels) -> slices[k] = hu.clone()));
        return slices;
    }

    /** Every voxel has the HU of its centre. */
    static CtSeries of(VolumeGeometry grid, ToDoubleFunction<Vec3> hu) {
        short[][] slices = new short[grid.slices()][grid.columns() * grid.rows()];
        for (int k = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++) {
                    slices[k][i + j * grid.columns()] =
                            (short) Math.rint(hu.applyAsDouble(grid.toPatient(i, j, k)));
                }
            }
        }
        return CtSeries.inMemory(grid, slices);
    }
}
