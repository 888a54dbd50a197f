package org.negvol.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.Measure;
import org.negvol.report.ReadableMeasure;
import org.negvol.volume.Side;
import org.negvol.workflow.ResultJson;

/**
 * A result for the terminal: the numbers of both joints beside each other, and what limits them.
 * Reads what {@link ResultJson} writes, so that it prints a result of the service and of {@code
 * process} alike.
 */
final class ResultTable {

    private static final List<Measure> JOINT =
            List.of(
                    Measure.NEGATIVE_VOLUME,
                    Measure.NEGATIVE_VOLUME_AREA,
                    Measure.ANTERIOR_JOINT_SPACE,
                    Measure.SUPERIOR_JOINT_SPACE,
                    Measure.POSTERIOR_JOINT_SPACE,
                    Measure.MEDIAL_JOINT_SPACE,
                    Measure.LATERAL_JOINT_SPACE,
                    Measure.JOINT_SPACE_MEAN,
                    Measure.JOINT_SPACE_MIN,
                    Measure.FOSSA_WIDTH,
                    Measure.FOSSA_DEPTH,
                    Measure.CONDYLE_WIDTH,
                    Measure.CONDYLE_DEPTH);

    private static final List<Measure> BILATERAL =
            List.of(
                    Measure.SYMMETRY_RATIO,
                    Measure.HAUSDORFF_DISTANCE,
                    Measure.HAUSDORFF_95,
                    Measure.MIRRORED_DICE,
                    Measure.VOLUME_RATIO);

    private static final int NAME = 42;
    private static final int NUMBER = 9;

    private final JsonNode result;
    private final @Nullable PhantomTruth truth;

    /**
     * @param result what {@link ResultJson} made
     * @param truth the numbers as they ought to be; null where nobody knows them
     */
    ResultTable(JsonNode result, @Nullable PhantomTruth truth) {
        this.result = result;
        this.truth = truth;
    }

    void print(PrintWriter out) {
        out.printf("%n%s: %s%n", result.path("outcome").asText(), result.path("sentence").asText());
        if (!result.path("joints").isEmpty()) {
            joints(out);
        }
        if (result.has("symmetry")) {
            symmetry(out);
        }
        flags(out);
        steps(out);
        out.flush();
    }

    private void joints(PrintWriter out) {
        out.println();
        out.print(" ".repeat(NAME));
        for (Side side : Side.values()) {
            out.print(right(side.name().toLowerCase(Locale.ROOT)));
            if (truth != null) {
                out.print(right("truth"));
            }
        }
        out.println();
        for (Measure measure : JOINT) {
            out.print(name(measure));
            for (Side side : Side.values()) {
                out.print(right(value(measure, joint(side).path("measures"))));
                if (truth != null) {
                    out.print(right(value(measure, truth.of(side, measure))));
                }
            }
            out.println();
        }
    }

    private void symmetry(PrintWriter out) {
        out.println();
        out.print(left("Left against right", NAME));
        if (truth != null) {
            out.print(right("") + right("truth"));
        }
        out.println();
        for (Measure measure : BILATERAL) {
            out.print(name(measure));
            out.print(right(value(measure, result.path("symmetry").path("measures"))));
            if (truth != null) {
                out.print(right(value(measure, truth.of(measure))));
            }
            out.println();
        }
    }

    private void flags(PrintWriter out) {
        List<String> lines = new ArrayList<>();
        result.path("flags").forEach(f -> lines.add(flag(f)));
        for (Side side : Side.values()) {
            joint(side).path("flags").forEach(f -> lines.add(flag(f)));
        }
        result.path("symmetry").path("flags").forEach(f -> lines.add(flag(f)));
        if (!lines.isEmpty()) {
            out.println();
            lines.forEach(out::println);
        }
    }

    private static String flag(JsonNode flag) {
        String side = flag.path("side").asText("");
        return "  ! %s%s"
                .formatted(side.isEmpty() ? "" : side + ": ", flag.path("sentence").asText());
    }

    private void steps(PrintWriter out) {
        Map<String, StringJoiner> byStep = new java.util.LinkedHashMap<>();
        for (JsonNode step : result.path("steps")) {
            String side = step.path("side").asText("");
            byStep.computeIfAbsent(step.path("step").asText(), s -> new StringJoiner(", "))
                    .add(
                            "%s%s"
                                    .formatted(
                                            side.isEmpty() ? "" : side + " ",
                                            Progress.seconds(
                                                    Math.round(
                                                            step.path("seconds").asDouble()
                                                                    * 1e9))));
        }
        if (!byStep.isEmpty()) {
            out.println();
        }
        byStep.forEach(
                (step, times) ->
                        out.println(left(step.toLowerCase(Locale.ROOT), 12) + "  " + times));
    }

    private JsonNode joint(Side side) {
        return result.path("joints").path(side.name().toLowerCase(Locale.ROOT));
    }

    private static String name(Measure measure) {
        String unit = ReadableMeasure.unit(measure);
        return left(unit.isEmpty() ? measure.meaning() : measure.meaning() + ", " + unit, NAME);
    }

    private static String value(Measure measure, JsonNode measures) {
        JsonNode m = measures.path(measure.name());
        return m.isMissingNode() ? "–" : ReadableMeasure.value(measure, m.path("value").asDouble());
    }

    private static String value(Measure measure, OptionalDouble value) {
        return value.isEmpty() ? "–" : ReadableMeasure.value(measure, value.getAsDouble());
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static String right(String text) {
        return " ".repeat(Math.max(1, NUMBER - text.length())) + text;
    }
}
