package org.negvol.volume;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A VOI out of a series in memory: straight, under gantry tilt, and turned within the slices. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class VoiReaderBench {

    @Param({"STRAIGHT", "TILTED", "TURNED"})
    private String direction = "";

    private CtSeries series;

    @Setup
    public void scan() {
        double a = Math.toRadians(9);
        double mm = 0.35;
        int n = 220;
        Vec3 row = new Vec3(1, 0, 0);
        Vec3 column = new Vec3(0, 1, 0);
        switch (direction) {
            case "TILTED" -> column = new Vec3(0, Math.cos(a), Math.sin(a));
            case "TURNED" -> {
                row = new Vec3(Math.cos(a), Math.sin(a), 0);
                column = new Vec3(-Math.sin(a), Math.cos(a), 0);
            }
            default -> {}
        }
        Vec3 stepK = new Vec3(0, 0, mm);
        Vec3 origin = row.plus(column).times(mm).plus(stepK).times(-n / 2.0);
        VolumeGeometry grid =
                new VolumeGeometry(
                        n, n, n, Affine.ofColumns(row.times(mm), column.times(mm), stepK, origin));
        short[][] hu = new short[n][n * n];
        for (int k = 0; k < n; k++) {
            for (int o = 0; o < n * n; o++) {
                hu[k][o] = (short) ((o * 31 + k * 17) % 2000 - 1000);
            }
        }
        series = CtSeries.inMemory(grid, hu);
    }

    @Benchmark
    public ScalarVolume voi() throws IOException {
        return VoiReader.read(series, VoiGrid.around(Vec3.ZERO));
    }
}
