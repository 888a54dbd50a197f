package org.negvol.volume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Resamples a part of a series onto another grid.
 *
 * <p>Only slices that touch the target are read. Where the target is coarser than the source,
 * blocks of source voxels are averaged as they are read, so that nothing is aliased and memory is
 * bounded by the target's size rather than the source's; the averages are interpolated linearly.
 * Otherwise the source voxels are interpolated by Catmull-Rom cubics, which keep the edges of bone
 * sharper than linear interpolation does.
 */
public final class VoiReader {

    /** Voxels beside the target that the cubic kernel reaches. */
    private static final int MARGIN = 2;

    private VoiReader() {}

    /**
     * @param target any grid in the patient coordinates of the series
     * @return HU on the target; {@link CtSeries#AIR_HU} outside the scan
     * @throws IOException if a slice cannot be read
     * @throws IllegalArgumentException if the part to be held exceeds what an array can hold
     */
    public static ScalarVolume read(CtSeries series, VolumeGeometry target) throws IOException {
        VolumeGeometry source = series.geometry();
        Affine toSource = source.indexToPatient().inverse().after(target.indexToPatient());
        double finest =
                Math.min(target.spacingMm(0), Math.min(target.spacingMm(1), target.spacingMm(2)));
        int[] factor = new int[3];
        int[] first = new int[3];
        int[] count = new int[3];
        long held = 1;
        for (int a = 0; a < 3; a++) {
            factor[a] = factor(finest, source.spacingMm(a));
            double low = toSource.get(a, 3);
            double high = low;
            for (int b = 0; b < 3; b++) {
                double reach = toSource.get(a, b) * (target.size(b) - 1);
                low += Math.min(reach, 0);
                high += Math.max(reach, 0);
            }
            int margin = MARGIN * factor[a];
            first[a] = Math.max(0, (int) Math.floor(Math.max(low, -1e6)) - margin);
            int end = Math.min(source.size(a), (int) Math.ceil(Math.min(high, 1e6)) + margin + 1);
            count[a] = Math.ceilDiv(Math.max(0, end - first[a]), factor[a]);
            held *= count[a];
        }
        float[] values = new float[Math.toIntExact(target.voxelCount())];
        if (held == 0) {
            Arrays.fill(values, CtSeries.AIR_HU);
            return new ScalarVolume(target, values);
        }
        if (held > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "the part of the scan to be held has %d voxels; ask for a smaller target"
                            .formatted(held));
        }
        HeldBlock block = new HeldBlock(factor, first, count, new short[(int) held]);
        boolean cubic = factor[0] == 1 && factor[1] == 1 && factor[2] == 1;
        try (ExecutorService pool =
                Executors.newFixedThreadPool(series.reader().concurrentReads())) {
            forEach(count[2], pool, plane -> block.fill(series, plane));
            RowSampler rows = RowSampler.of(block, source, target, toSource, cubic);
            if (rows != null) {
                forEach(rows.planesOfSource(), pool, rows::alongRows);
                forEach(target.slices(), pool, plane -> rows.acrossRows(plane, values));
            } else {
                forEach(
                        target.slices(),
                        pool,
                        plane -> block.sample(source, target, toSource, plane, cubic, values));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading the series", e);
        }
        return new ScalarVolume(target, values);
    }

    /**
     * By which factor a slice is made coarse for a target that needs all of it.
     *
     * @param finestMm the target's finest spacing
     * @return what {@link SliceReader#readMeans} is asked for; empty if the pixels themselves are
     *     needed, or the slice does not say how large they are
     */
    public static OptionalInt meansFactor(double finestMm, SliceHeader slice) {
        SliceHeader.Placement placement = slice.placement();
        if (placement == null) {
            return OptionalInt.empty();
        }
        int columns = factor(finestMm, placement.columnSpacingMm());
        int rows = factor(finestMm, placement.rowSpacingMm());
        return columns == rows && columns > 1 ? OptionalInt.of(columns) : OptionalInt.empty();
    }

    /**
     * How many source voxels along an axis are averaged.
     *
     * @param finestMm the target's finest spacing
     * @param spacingMm the source's spacing along the axis
     */
    private static int factor(double finestMm, double spacingMm) {
        // A hair more than the ratio: 2.0 / 0.4 must be 5 whatever the rounding.
        return Math.max(1, (int) (finestMm / spacingMm + 1e-3));
    }

    /** Work on one plane of many. */
    @FunctionalInterface
    private interface PlaneTask {
        void run(int plane) throws IOException;
    }

    private static void forEach(int planes, ExecutorService pool, PlaneTask task)
            throws IOException, InterruptedException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int k = 0; k < planes; k++) {
            int plane = k;
            tasks.add(
                    () -> {
                        task.run(plane);
                        return null;
                    });
        }
        for (Future<Void> done : pool.invokeAll(tasks)) {
            try {
                done.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException io) {
                    throw io;
                }
                throw new IOException("a slice could not be read: " + e.getCause(), e);
            }
        }
    }
}
