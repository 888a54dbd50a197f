package org.negvol.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.Measure;
import org.negvol.measure.QualityFlag;
import org.negvol.report.ReadableMeasure;
import org.negvol.report.StudyResult;
import org.negvol.volume.Side;
import org.negvol.workflow.StepListener.Step;
import org.negvol.workflow.StepTimes;

/**
 * The key numbers for a terminal: left and right, each next to the truth where there is one.
 *
 * @param result what was measured
 * @param truth what is known of the phantom; null for a real head
 */
record ResultTable(StudyResult result, @Nullable PhantomTruth truth) {

    private static final List<Measure> OF_A_JOINT =
            List.of(
                    Measure.NEGATIVE_VOLUME,
                    Measure.NEGATIVE_VOLUME_AREA,
                    Measure.ANTERIOR_JOINT_SPACE,
                    Measure.SUPERIOR_JOINT_SPACE,
                    Measure.POSTERIOR_JOINT_SPACE,
                    Measure.MEDIAL_JOINT_SPACE,
                    Measure.LATERAL_JOINT_SPACE,
                    Measure.JOINT_SPACE_MEAN,
                    Measure.FOSSA_WIDTH,
                    Measure.FOSSA_DEPTH);

    private static final List<Measure> OF_BOTH =
            List.of(Measure.SYMMETRY_RATIO, Measure.HAUSDORFF_DISTANCE);

    void print(PrintWriter out) {
        if (!result.joints().isEmpty()) {
            out.println();
            row(out, "", "left", truth == null ? "" : "truth", "right", truth == null ? "" : "truth", "");
            for (Measure m : OF_A_JOINT) {
                row(
                        out,
                        m.meaning(),
                        text(m, measured(Side.LEFT, m)),
                        truth == null ? "" : text(m, truth.value(Side.LEFT, m)),
                        text(m, measured(Side.RIGHT, m)),
                        truth == null ? "" : text(m, truth.value(Side.RIGHT, m)),
                        ReadableMeasure.unit(m));
            }
            for (Measure m : OF_BOTH) {
                OptionalDouble value =
                        result.symmetry() == null
                                ? OptionalDouble.empty()
                                : result.symmetry().value(m);
                row(
                        out,
                        m.meaning(),
                        text(m, value),
                        truth == null ? "" : text(m, truth.value(m)),
                        "",
                        "",
                        ReadableMeasure.unit(m));
            }
        }
        List<QualityFlag> flags = new ArrayList<>(result.flags());
        result.joints().forEach(j -> flags.addAll(j.measures().flags()));
        if (result.symmetry() != null) {
            flags.addAll(result.symmetry().flags());
        }
        if (!result.joints().isEmpty() && !flags.isEmpty()) {
            out.println();
            for (QualityFlag f : flags.stream().distinct().toList()) {
                String side =
                        f.side() == null
                                ? ""
                                : "the " + f.side().name().toLowerCase(Locale.ROOT) + " joint: ";
                out.println("Note: " + side + f.sentence());
            }
        }
    }

    private static void row(
            PrintWriter out,
            String name,
            String left,
            String leftTruth,
            String right,
            String rightTruth,
            String unit) {
        String line =
                "%-34s %9s %9s %9s %9s  %s".formatted(name, left, leftTruth, right, rightTruth, unit);
        out.println(line.stripTrailing());
    }

    private OptionalDouble measured(Side side, Measure measure) {
        return result.joint(side)
                .map(j -> j.measures().value(measure))
                .orElse(OptionalDouble.empty());
    }

    private static String text(Measure measure, OptionalDouble value) {
        return value.isPresent() ? ReadableMeasure.value(measure, value.getAsDouble()) : "–";
    }

    /** How long each step took; of two joints, which are processed at once, the longer one. */
    static void printTimes(StepTimes times, PrintWriter out) {
        Map<Step, StepTimes.Entry> longest = new TreeMap<>(Comparator.naturalOrder());
        for (StepTimes.Entry e : times.entries()) {
            longest.merge(e.step(), e, (a, b) -> a.time().compareTo(b.time()) >= 0 ? a : b);
        }
        out.println();
        longest.values()
                .forEach(
                        e ->
                                out.printf(
                                        "%-34s %9s%n",
                                        sentenceCase(e.step().meaning()),
                                        Progress.seconds(e.time().toNanos())));
    }

    private static String sentenceCase(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
