package org.negvol.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Builds series of slices with known geometry, and reads them from a function of space. */
final class Slices {

    private Slices() {}

    static SliceHeader header(
            String uid, Vec3 row, Vec3 column, Vec3 position, int size, double mm) {
        return new SliceHeader(
                uid,
                0,
                "1.2.3",
                "1.2.4",
                "CT",
                List.of("ORIGINAL", "PRIMARY", "AXIAL"),
                size,
                size,
                new SliceHeader.Placement(mm, mm, row, column, position),
                1,
                -1024,
                uid);
    }

    static List<SliceHeader> series(
            Vec3 row, Vec3 column, Vec3 origin, Vec3 step, int count, int size, double mm) {
        List<SliceHeader> slices = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            slices.add(header("9." + k, row, column, origin.plus(step.times(k)), size, mm));
        }
        return slices;
    }

    static List<SliceHeader> axial(int count) {
        return series(
                new Vec3(1, 0, 0),
                new Vec3(0, 1, 0),
                new Vec3(-20, -20, -10),
                new Vec3(0, 0, 1),
                count,
                40,
                1);
    }

    /** A series whose pixels are the values of a function at the voxels' centres. */
    static CtSeries of(List<SliceHeader> slices, ToDoubleFunction<Vec3> hu) {
        SliceStack.Stack stack = (SliceStack.Stack) SliceStack.of(slices);
        return new CtSeries(
                stack,
                slice -> {
                    int k = stack.slices().indexOf(slice);
                    VolumeGeometry g = stack.geometry();
                    short[] out = new short[g.columns() * g.rows()];
                    for (int j = 0; j < g.rows(); j++) {
                        for (int i = 0; i < g.columns(); i++) {
                            out[j * g.columns() + i] =
                                    (short) Math.round(hu.applyAsDouble(g.toPatient(i, j, k)));
                        }
                    }
                    return out;
                });
    }
}
