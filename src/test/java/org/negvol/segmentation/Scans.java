package org.negvol.segmentation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.ScanArtefacts;
import org.negvol.volume.CtSeries;
import org.negvol.volume.SliceHeader;
import org.negvol.volume.SliceStack;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Series in memory. */
final class Scans {

    private Scans() {}

    static CtSeries of(HeadPhantom phantom, VolumeGeometry grid) {
        return of(grid, slices(phantom, grid));
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
        return of(grid, slices);
    }

    static CtSeries of(VolumeGeometry grid, short[][] slices) {
        List<SliceHeader> headers = new ArrayList<>();
        for (int k = 0; k < grid.slices(); k++) {
            headers.add(
                    new SliceHeader(
                            "2.25." + (k + 1),
                            "2.25.1000",
                            "2.25.1001",
                            "CT",
                            List.of("ORIGINAL", "PRIMARY", "AXIAL"),
                            grid.rows(),
                            grid.columns(),
                            null,
                            1,
                            0,
                            String.valueOf(k)));
        }
        return new CtSeries(
                new SliceStack.Stack(grid, headers, List.of(), 0),
                slice -> slices[Integer.parseInt(slice.source())]);
    }
}
