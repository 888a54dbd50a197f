package org.negvol.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.negvol.measure.Measurement;
import org.negvol.measure.QualityFlag;
import org.negvol.report.JointResult;
import org.negvol.report.Outcome;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;
import org.negvol.workflow.StepTimes;

/**
 * {@code result.json}: every measure with its unit, every flag, every step's time. Its fields are
 * described in {@code src/main/doc/commands.md}.
 */
final class ResultJson {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ResultJson() {}

    /**
     * @param files names of the files written beside it
     */
    static void write(StudyResult result, StepTimes times, List<String> files, Path file)
            throws IOException {
        MAPPER.writeValue(file.toFile(), of(result, times, files));
    }

    static ObjectNode of(StudyResult result, StepTimes times, List<String> files) {
        ObjectNode root = NODES.objectNode();
        root.put("negvol", result.pipelineVersion());
        root.put("outcome", word(result.outcome()));
        root.put("sentence", result.outcome().sentence());
        root.put("studyInstanceUid", result.source().studyInstanceUid());
        root.put("seriesInstanceUid", result.source().seriesInstanceUid());
        root.put("images", result.source().images().size());
        VolumeGeometry grid = result.geometry();
        if (grid != null) {
            ObjectNode g = root.putObject("grid");
            g.put("columns", grid.columns()).put("rows", grid.rows()).put("slices", grid.slices());
            ArrayNode spacing = g.putArray("spacingMm");
            for (int axis = 0; axis < 3; axis++) {
                spacing.add(rounded(grid.spacingMm(axis)));
            }
        }
        ObjectNode joints = root.putObject("joints");
        for (JointResult joint : result.joints()) {
            joints.set(lower(joint.side()), joint(joint));
        }
        if (result.symmetry() != null) {
            ObjectNode symmetry = root.putObject("symmetry");
            symmetry.set("measures", measures(result.symmetry().measurements()));
            symmetry.put(
                    "registrationResidualMm", rounded(result.symmetry().registrationResidualMm()));
            symmetry.set("flags", flags(result.symmetry().flags()));
        }
        root.set("flags", flags(result.flags()));
        if (!result.joints().isEmpty()) {
            NegativeVolumeParameters p = result.joints().getFirst().surfaces().parameters();
            ObjectNode method = root.putObject("method");
            method.put("definition", NegativeVolumeParameters.DEFINITION);
            method.put("neckCut", p.neckCut().name());
            for (NegativeVolumeParameters.Parameter n : p.numbers()) {
                method.putObject(n.name()).put("value", n.value()).put("unit", n.ucum());
            }
        }
        ArrayNode models = root.putArray("models");
        for (ModelIdentity m : result.models()) {
            models.addObject()
                    .put("name", m.name())
                    .put("version", m.version())
                    .put("sha256", m.sha256())
                    .put("licence", m.licence())
                    .put("trainedOn", m.trainedOn());
        }
        ArrayNode steps = root.putArray("steps");
        for (StepTimes.Entry e : times.entries()) {
            ObjectNode step = steps.addObject().put("step", e.step().name());
            if (e.side() != null) {
                step.put("side", lower(e.side()));
            }
            step.put("seconds", rounded(e.time().toNanos() / 1e9));
        }
        ArrayNode names = root.putArray("files");
        files.forEach(names::add);
        return root;
    }

    static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done d -> "DONE";
            case Outcome.Degraded d -> "DEGRADED";
            case Outcome.NotApplicable n -> "NOT_APPLICABLE";
            case Outcome.Failed f -> "FAILED";
        };
    }

    private static ObjectNode joint(JointResult joint) {
        ObjectNode node = NODES.objectNode();
        node.set("measures", measures(joint.measures().measurements()));
        node.put("confidence", rounded(joint.segmented().confidence()));
        node.put("clearShare", rounded(joint.segmented().clearShare()));
        node.set("flags", flags(joint.measures().flags()));
        ObjectNode landmarks = node.putObject("landmarks");
        joint.measures()
                .landmarks()
                .forEach(l -> landmarks.set(l.kind().name(), point(l.positionMm())));
        return node;
    }

    private static ObjectNode measures(List<Measurement> measurements) {
        ObjectNode node = NODES.objectNode();
        for (Measurement m : measurements) {
            ObjectNode measure = node.putObject(m.measure().name());
            measure.put("value", rounded(m.value()));
            measure.put("unit", m.measure().ucum());
            measure.put("meaning", m.measure().meaning());
            if (!m.line().isEmpty()) {
                ArrayNode line = measure.putArray("line");
                m.line().forEach(p -> line.add(point(p)));
            }
        }
        return node;
    }

    private static ArrayNode flags(List<QualityFlag> flags) {
        ArrayNode node = NODES.arrayNode();
        for (QualityFlag f : flags) {
            ObjectNode flag = node.addObject().put("reason", f.reason().name());
            if (f.side() != null) {
                flag.put("side", lower(f.side()));
            }
            flag.put("sentence", f.sentence());
        }
        return node;
    }

    private static ArrayNode point(Vec3 p) {
        return NODES.arrayNode().add(rounded(p.x())).add(rounded(p.y())).add(rounded(p.z()));
    }

    private static String lower(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    /** Thousandths: a micrometre is far below what a scan can tell. */
    private static double rounded(double v) {
        return Math.rint(v * 1000) / 1000;
    }
}
