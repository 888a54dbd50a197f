package org.negvol.cli;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.JointContext;
import org.negvol.measure.JointMeasurer;
import org.negvol.measure.JointMeasures;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.segmentation.BoneSurfaces;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.Side;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code negvol bench surfaces}: random joints from mask to measures, checked and timed. */
@Command(
        name = "surfaces",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Takes joints of random phantom heads from mask to measures on one thread, checks every"
                    + " mesh (closed, manifold, oriented, without self-intersection, no vertex"
                    + " deeper than 0.02 mm in the temporal bone) and prints processor time and"
                    + " memory a joint.",
            "Rendering the phantoms and checking the meshes is not counted in."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no fault was found", "1:a fault was found; it is printed with its seed"})
final class BenchSurfacesCommand implements Callable<Integer> {

    /** Java has compiled the method's loops after so many joints. */
    private static final int WARM_UP = 12;

    private static final double[] CURVE_SPACINGS_MM = {0.3, 0.4, 0.5, 0.6};
    private static final double[] CURVE_SCALES = {0.8, 1, 1.25, 1.5};
    private static final int CURVE_RUNS = 5;

    @Option(
            names = "--seeds",
            paramLabel = "NUMBER",
            defaultValue = "40",
            description = "How many phantom heads (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Seed of the first phantom (default: ${DEFAULT-VALUE}).")
    private long firstSeed;

    @Option(
            names = "--sides",
            paramLabel = "SIDES",
            defaultValue = "ALTERNATING",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Sides sides = Sides.ALTERNATING;

    @Option(
            names = "--spacing",
            paramLabel = "MM",
            defaultValue = "0.4",
            description = "Spacing of the voxels (default: ${DEFAULT-VALUE}).")
    private double spacingMm;

    @Option(
            names = "--curve",
            description =
                    "Instead: one joint at several spacings and sizes, to show how the cost grows"
                            + " with the surface.")
    private boolean curve;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Which joints of a head. */
    enum Sides {
        LEFT,
        RIGHT,
        ALTERNATING,
        BOTH;

        List<Side> of(long seed) {
            return switch (this) {
                case LEFT -> List.of(Side.LEFT);
                case RIGHT -> List.of(Side.RIGHT);
                case ALTERNATING -> List.of(seed % 2 == 0 ? Side.LEFT : Side.RIGHT);
                case BOTH -> List.of(Side.values());
            };
        }
    }

    /**
     * What one joint took.
     *
     * @param refineNanos processor time from mask to fields
     * @param surfacesNanos processor time from fields to meshes
     * @param measureNanos processor time from meshes to measures
     * @param allocatedBytes all that was allocated
     */
    private record Cost(
            long refineNanos, long surfacesNanos, long measureNanos, long allocatedBytes) {
        long totalNanos() {
            return refineNanos + surfacesNanos + measureNanos;
        }
    }

    /**
     * @param surfaces null where the joint was refused
     * @param refusal why it was refused
     */
    private record Run(Cost cost, @Nullable JointSurfaces surfaces, String refusal) {}

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        if (seeds < 1) {
            throw new CommandProblem("--seeds must be 1 or more, got %d.".formatted(seeds));
        }
        if (!(spacingMm >= 0.2 && spacingMm <= 1)) {
            throw new CommandProblem("--spacing must be 0.2 to 1 mm, got %s.".formatted(spacingMm));
        }
        HeadPhantom demo = HeadPhantom.of(PhantomParameters.demo());
        JointSample warmUp = JointSample.of(demo, Side.LEFT, spacingMm, 1);
        for (int i = 0; i < WARM_UP; i++) {
            run(warmUp);
        }
        PeakMemory.reset();
        int faulty = curve ? curve(demo, console) : seeds(console);
        PeakMemory.print(console);
        console.flush();
        return faulty == 0 ? NegvolCommand.DONE : NegvolCommand.PROBLEM;
    }

    private int seeds(PrintWriter console) {
        List<Cost> costs = new ArrayList<>();
        List<double[]> areaAndTime = new ArrayList<>();
        Map<String, Integer> refusals = new TreeMap<>();
        int faulty = 0;
        Progress progress = new Progress(console, seeds + " heads", seeds);
        for (int i = 0; i < seeds; i++) {
            long seed = firstSeed + i;
            HeadPhantom head = HeadPhantom.of(PhantomParameters.random(seed));
            for (Side side : sides.of(seed)) {
                Run run = run(JointSample.of(head, side, spacingMm, 1));
                JointSurfaces joint = run.surfaces();
                if (joint == null) {
                    refusals.merge(run.refusal(), 1, Integer::sum);
                    console.printf(
                            Locale.ROOT, "seed %d %s: refused: %s%n", seed, side, run.refusal());
                    continue;
                }
                List<String> faults = JointFaults.of(joint);
                faults.forEach(f -> console.printf(Locale.ROOT, "seed %d %s: %s%n", seed, side, f));
                faulty += faults.isEmpty() ? 0 : 1;
                costs.add(run.cost());
                areaAndTime.add(new double[] {boneArea(joint), run.cost().totalNanos() / 1e6});
            }
            progress.show(i + 1);
        }
        int refused = refusals.values().stream().mapToInt(n -> n).sum();
        console.printf(
                Locale.ROOT,
                "%n%d joints at %.2f mm: %d measured, %d refused, %d with faults%n",
                costs.size() + refused,
                spacingMm,
                costs.size(),
                refused,
                faulty);
        if (!costs.isEmpty()) {
            print(costs, areaAndTime, console);
        }
        return faulty;
    }

    private static void print(List<Cost> costs, List<double[]> areaAndTime, PrintWriter console) {
        console.printf("%nProcessor time a joint, one thread, ms:%n");
        console.printf("%-22s %8s %8s %8s%n", "", "median", "95 %", "most");
        row("mask to fields", costs, Cost::refineNanos, console);
        row("fields to meshes", costs, Cost::surfacesNanos, console);
        row("meshes to measures", costs, Cost::measureNanos, console);
        row("mask to measures", costs, Cost::totalNanos, console);
        double[] mib = sorted(costs, c -> c.allocatedBytes() >> 10);
        console.printf(
                Locale.ROOT, "allocated a joint      %8.0f MiB%n", quantile(mib, 0.5) / 1024);
        double[] fit = line(areaAndTime);
        console.printf(
                Locale.ROOT,
                "%nTime against the bones' surface: %.0f ms + %.1f ms a 1000 mm2 (r = %.2f)%n",
                fit[0],
                1000 * fit[1],
                fit[2]);
    }

    private static void row(
            String name, List<Cost> costs, ToLongFunction<Cost> nanos, PrintWriter console) {
        double[] all = sorted(costs, nanos);
        console.printf(
                Locale.ROOT,
                "%-22s %8.1f %8.1f %8.1f%n",
                name,
                quantile(all, 0.5) / 1e6,
                quantile(all, 0.95) / 1e6,
                quantile(all, 1) / 1e6);
    }

    private static double[] sorted(List<Cost> costs, ToLongFunction<Cost> of) {
        return costs.stream().mapToLong(of).sorted().mapToDouble(n -> n).toArray();
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    /** Intercept, slope and correlation of the line through points. */
    private static double[] line(List<double[]> points) {
        double mx = points.stream().mapToDouble(p -> p[0]).average().orElse(0);
        double my = points.stream().mapToDouble(p -> p[1]).average().orElse(0);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (double[] p : points) {
            xx += (p[0] - mx) * (p[0] - mx);
            xy += (p[0] - mx) * (p[1] - my);
            yy += (p[1] - my) * (p[1] - my);
        }
        double slope = xx > 0 ? xy / xx : 0;
        return new double[] {my - slope * mx, slope, xx * yy > 0 ? xy / Math.sqrt(xx * yy) : 0};
    }

    private int curve(HeadPhantom demo, PrintWriter console) {
        console.printf(
                "Left joint of the demonstration phantom, median of %d runs, one thread:%n",
                CURVE_RUNS);
        console.printf(
                "%-8s %-6s %9s %11s %11s %10s %9s %9s %9s %14s%n",
                "spacing",
                "size",
                "voxels",
                "bone mm2",
                "triangles",
                "fields ms",
                "mesh ms",
                "meas. ms",
                "all ms",
                "us a triangle");
        int faulty = 0;
        for (double spacing : CURVE_SPACINGS_MM) {
            faulty += point(demo, spacing, 1, console);
        }
        for (double scale : CURVE_SCALES) {
            faulty += point(demo, spacingMm, scale, console);
        }
        return faulty;
    }

    private int point(HeadPhantom demo, double spacing, double scale, PrintWriter console) {
        JointSample sample = JointSample.of(demo, Side.LEFT, spacing, scale);
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < CURVE_RUNS; i++) {
            runs.add(run(sample));
        }
        JointSurfaces joint = runs.getFirst().surfaces();
        if (joint == null) {
            console.printf(
                    Locale.ROOT,
                    "%-8.2f %-6.2f refused: %s%n",
                    spacing,
                    scale,
                    runs.getFirst().refusal());
            return 0;
        }
        List<Cost> costs = runs.stream().map(Run::cost).toList();
        int triangles = joint.temporalBone().triangleCount() + joint.condyle().triangleCount();
        double total = quantile(sorted(costs, Cost::totalNanos), 0.5);
        console.printf(
                Locale.ROOT,
                "%-8.2f %-6.2f %9d %11.0f %11d %10.1f %9.1f %9.1f %9.1f %14.2f%n",
                spacing,
                scale,
                sample.hu().values().length,
                boneArea(joint),
                triangles,
                quantile(sorted(costs, Cost::refineNanos), 0.5) / 1e6,
                quantile(sorted(costs, Cost::surfacesNanos), 0.5) / 1e6,
                quantile(sorted(costs, Cost::measureNanos), 0.5) / 1e6,
                total / 1e6,
                total / 1e3 / triangles);
        console.flush();
        List<String> faults = JointFaults.of(joint);
        faults.forEach(f -> console.printf("  %s%n", f));
        return faults.isEmpty() ? 0 : 1;
    }

    private static double boneArea(JointSurfaces joint) {
        return MeshMeasures.areaMm2(joint.temporalBone()) + MeshMeasures.areaMm2(joint.condyle());
    }

    private static Run run(JointSample sample) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long start = threads.getCurrentThreadCpuTime();
        SegmentedJoint bones =
                BoneSurfaces.refine(
                        sample.hu(),
                        sample.owner(),
                        sample.pCondyle(),
                        sample.pTemporal(),
                        sample.side());
        long refined = threads.getCurrentThreadCpuTime();
        JointSurfaceResult result =
                NegativeVolume.compute(
                        sample.side(),
                        bones.condyleMm(),
                        bones.temporalMm(),
                        sample.centreMm(),
                        NegativeVolumeParameters.DEFAULT);
        long built = threads.getCurrentThreadCpuTime();
        JointMeasures measures =
                result instanceof JointSurfaceResult.Computed c
                        ? JointMeasurer.measure(
                                c,
                                JointContext.UNKNOWN
                                        .withSource(sample.hu().geometry())
                                        .withConfidence(bones.confidence(), bones.clearShare())
                                        .withMandible(bones.condyleMm()))
                        : null;
        long end = threads.getCurrentThreadCpuTime();
        Cost cost =
                new Cost(
                        refined - start,
                        built - refined,
                        end - built,
                        threads.getCurrentThreadAllocatedBytes() - bytes);
        return switch (result) {
            case JointSurfaceResult.Computed c when measures != null && measures.frame() == null ->
                    new Run(cost, null, Arrays.toString(measures.flags().toArray()));
            case JointSurfaceResult.Computed c -> new Run(cost, c.surfaces(), "");
            case JointSurfaceResult.NotMeasurable n ->
                    new Run(cost, null, n.reason() + ": " + n.sentence());
        };
    }
}
