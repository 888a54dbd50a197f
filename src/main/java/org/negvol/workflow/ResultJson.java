package org.negvol.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.Landmark;
import org.negvol.measure.Measurement;
import org.negvol.measure.QualityFlag;
import org.negvol.measure.ShapeVector;
import org.negvol.report.JointResult;
import org.negvol.report.NormalValues;
import org.negvol.report.Outcome;
import org.negvol.report.PublishedSymmetry;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.Affine;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/**
 * A result as JSON: every measure with its unit, every flag, parameter, model and step time; UIDs,
 * and nothing else that tells whose scan it is. Documented in {@code src/main/doc/results.md}.
 */
public final class ResultJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ResultJson() {}

    /**
     * The result as a JSON object.
     *
     * @param steps how long each step took
     * @param normalValues what is known of healthy joints
     */
    public static ObjectNode of(
            StudyResult result, List<StepTimes.Entry> steps, NormalValues normalValues) {
        ObjectNode json = NODES.objectNode();
        json.put("studyInstanceUid", result.source().studyInstanceUid());
        json.put("seriesInstanceUid", result.source().seriesInstanceUid());
        json.put("outcome", state(result.outcome()));
        json.put("sentence", result.outcome().sentence());
        json.set("flags", flags(result.flags()));
        ObjectNode joints = json.putObject("joints");
        for (JointResult joint : result.joints()) {
            joints.set(name(joint.side()), joint(joint, normalValues));
        }
        if (result.symmetry() != null) {
            ObjectNode symmetry = json.putObject("symmetry");
            symmetry.set("measures", measures(result.symmetry().measurements(), normalValues));
            symmetry.put("registrationResidualMm", result.symmetry().registrationResidualMm());
            Affine laid = result.symmetry().rightToLeft();
            if (laid != null) {
                symmetry.set("rightToLeft", matrix(laid));
            }
            symmetry.set("flags", flags(result.symmetry().flags()));
        }
        json.put("pipelineVersion", result.pipelineVersion());
        json.put("methodDefinition", NegativeVolumeParameters.DEFINITION);
        json.put("normalValues", normalValues.version());
        ArrayNode models = json.putArray("models");
        for (ModelIdentity m : result.models()) {
            models.addObject()
                    .put("name", m.name())
                    .put("version", m.version())
                    .put("sha256", m.sha256())
                    .put("licence", m.licence())
                    .put("trainedOn", m.trainedOn());
        }
        json.set("steps", steps(steps));
        return json;
    }

    /** The outcome by the name of the job's state. */
    public static String state(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done d -> "DONE";
            case Outcome.Degraded d -> "DEGRADED";
            case Outcome.NotApplicable n -> "NOT_APPLICABLE";
            case Outcome.Failed f -> "FAILED";
        };
    }

    private static ObjectNode joint(JointResult joint, NormalValues normalValues) {
        ObjectNode json = NODES.objectNode();
        json.set("measures", measures(joint.measures().measurements(), normalValues));
        json.set("flags", flags(joint.measures().flags()));
        ObjectNode landmarks = json.putObject("landmarks");
        for (Landmark landmark : joint.measures().landmarks()) {
            landmarks.set(landmark.kind().name(), point(landmark.positionMm()));
        }
        ShapeVector shape = joint.measures().shape();
        if (shape != null) {
            json.set("jointSpaceMap", map(shape));
        }
        json.put("segmentationConfidence", joint.segmented().confidence());
        json.put("clearBorderShare", joint.segmented().clearShare());
        JointSurfaces surfaces = joint.surfaces();
        json.putObject("inflatedSurfaceShares")
                .put("temporalBone", surfaces.contactShare())
                .put("reach", surfaces.reachShare())
                .put("mouth", surfaces.mouthShare())
                .put("fieldOfView", surfaces.fieldOfViewShare());
        ObjectNode parameters = json.putObject("parameters");
        for (NegativeVolumeParameters.Parameter p : surfaces.parameters().numbers()) {
            parameters.putObject(p.name()).put("value", p.value()).put("unit", p.ucum());
        }
        parameters.put("neckCut", surfaces.parameters().neckCut().name());
        return json;
    }

    private static ObjectNode measures(List<Measurement> measurements, NormalValues normalValues) {
        ObjectNode json = NODES.objectNode();
        for (Measurement m : measurements) {
            ObjectNode node =
                    json.putObject(m.measure().name())
                            .put("value", m.value())
                            .put("unit", m.measure().ucum())
                            .put("meaning", m.measure().meaning());
            normalValues
                    .of(m.measure())
                    .ifPresent(
                            normal -> {
                                ObjectNode of =
                                        node.putObject("normal")
                                                .put("mean", normal.mean())
                                                .put("dimension", normal.dimension())
                                                .put("source", normal.source());
                                normal.sd().ifPresent(sd -> of.put("sd", sd));
                            });
            PublishedSymmetry.of(m.measure())
                    .ifPresent(
                            published -> {
                                ObjectNode of = node.putObject("published");
                                of.putArray("healthy")
                                        .add(published.healthyLeast())
                                        .add(published.healthyMost());
                                of.putArray("diseased")
                                        .add(published.diseasedLeast())
                                        .add(published.diseasedMost());
                                of.put("source", PublishedSymmetry.SOURCE);
                            });
            if (!m.line().isEmpty()) {
                ArrayNode line = node.putArray("lineMm");
                m.line().forEach(p -> line.add(point(p)));
            }
        }
        return json;
    }

    private static ArrayNode flags(List<QualityFlag> flags) {
        ArrayNode json = NODES.arrayNode();
        for (QualityFlag f : flags) {
            ObjectNode node = json.addObject().put("reason", f.reason().name());
            putSide(node, f.side());
            node.put("sentence", f.sentence());
        }
        return json;
    }

    private static ArrayNode steps(List<StepTimes.Entry> steps) {
        ArrayNode json = NODES.arrayNode();
        for (StepTimes.Entry e : steps) {
            ObjectNode node = json.addObject().put("step", e.step().name());
            putSide(node, e.side());
            node.put("seconds", e.time().toNanos() / 1e9);
        }
        return json;
    }

    private static void putSide(ObjectNode node, @Nullable Side side) {
        if (side != null) {
            node.put("side", name(side));
        }
    }

    private static String name(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    /** Millimetres to a hundredth, and a digit for each: 1 where the condyle faces bone. */
    private static ObjectNode map(ShapeVector shape) {
        ObjectNode json = NODES.objectNode().put("side", ShapeVector.SIDE);
        ArrayNode space = json.putArray("spaceMm");
        StringBuilder facing = new StringBuilder();
        for (int i = 0; i < shape.spaceMm().length; i++) {
            space.add(Math.round(100 * shape.spaceMm()[i]) / 100.0);
            facing.append(shape.facing()[i] ? '1' : '0');
        }
        return json.put("facing", facing.toString());
    }

    /** Three rows of four numbers. */
    private static ArrayNode matrix(Affine affine) {
        ArrayNode json = NODES.arrayNode();
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                json.add(affine.get(row, column));
            }
        }
        return json;
    }

    private static ArrayNode point(Vec3 p) {
        return NODES.arrayNode().add(p.x()).add(p.y()).add(p.z());
    }
}
