package org.negvol.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.QualityFlag.Reason;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Takes every measure of one joint from its surfaces.
 *
 * <p>Nothing is guessed: a measure whose landmarks are not there is left out, and a {@link
 * QualityFlag} says which and why. Never throws for what a scan can contain, empty meshes and
 * numbers that are none included. Deterministic. Time is linear in the meshes' size (times a
 * logarithm for the distances), some 0.1 s a joint.
 */
public final class JointMeasurer {

    /** Elevation of the four side spaces above the horizontal, degrees. */
    private static final double SIDE_ELEVATION_DEGREES = 40;

    /** How far above the condyle's centre the fossa's roof is looked for. */
    private static final double ROOF_MM = 30;

    /** Triangles this near to the neck's plane and this parallel to it are the cut itself. */
    private static final double CUT_MM = 0.3;

    private static final double CUT_COSINE = 0.95;

    private final JointSurfaces surfaces;

    /** Distances to the temporal bone, if somebody has prepared them. */
    private final @Nullable MeshDistance toTemporal;

    private final JointContext context;
    private final QualityLimits limits = QualityLimits.DEFAULT;
    private final Map<Measure, Measurement> measurements = new EnumMap<>(Measure.class);
    private final List<QualityFlag> flags = new ArrayList<>();
    private final List<String> implausible = new ArrayList<>();
    private final Map<Landmark.Kind, Landmark> landmarks = new EnumMap<>(Landmark.Kind.class);

    private JointMeasurer(
            JointSurfaces surfaces, @Nullable MeshDistance toTemporal, JointContext context) {
        this.surfaces = surfaces;
        this.toTemporal = toTemporal;
        this.context = context;
    }

    /** With the scanner's axes and nothing else known of the scan. */
    public static JointMeasures measure(JointSurfaces surfaces) {
        return measure(surfaces, JointContext.UNKNOWN);
    }

    /**
     * @param context the head's axes and what is known of scan and segmentation: without it, the
     *     flags on resolution and confidence and the sagittal ramus angle are missing
     */
    public static JointMeasures measure(JointSurfaces surfaces, JointContext context) {
        return new JointMeasurer(surfaces, null, context).run();
    }

    /** The same of what was just computed, sparing what was prepared for that. */
    public static JointMeasures measure(JointSurfaceResult.Computed joint, JointContext context) {
        return new JointMeasurer(joint.surfaces(), joint.toTemporalBone(), context).run();
    }

    private JointMeasures run() {
        confidence();
        if (!isFinite(surfaces.condyle()) || !isFinite(surfaces.temporalBone())) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "the surfaces of the joint contain points that are nowhere");
            return result(null, null, null);
        }
        TriangleMesh condyle = surfaces.condyle();
        MeshDistance toCondyle = condyle.triangleCount() > 0 ? MeshDistance.of(condyle) : null;
        sizes(toCondyle);
        MeshNormals normals = MeshNormals.of(condyle);
        CondyleHead head = CondyleHead.of(surfaces.side(), toCondyle, normals, context.axes());
        JointFrame frame = head.frame();
        if (frame == null || toCondyle == null) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "condyle size, angle and joint spaces are not measured: " + head.problem());
            return result(null, null, null);
        }
        Rays condyleRays = new Rays(toCondyle, normals);
        condyleSize(frame, condyleRays, head.longAxisKnown());
        shortNeck(condyle);
        ramusAngle(frame);
        if (surfaces.temporalBone().triangleCount() == 0) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "joint spaces and fossa are not measured: no temporal bone lies in the volume"
                            + " of interest");
            return result(frame, null, null);
        }
        MeshDistance temporal =
                toTemporal != null ? toTemporal : MeshDistance.of(surfaces.temporalBone());
        Rays temporalRays = new Rays(temporal, MeshNormals.of(surfaces.temporalBone()));
        FossaProfile fossa = FossaProfile.of(frame, temporalRays);
        jointSpaces(
                frame,
                new JointSpaceProbe(condyle, normals, condyleRays, temporal, temporalRays),
                fossa);
        fossa(frame, fossa, condyleRays, temporalRays);
        JointSpaceMap map =
                JointSpaceMapper.map(condyle, normals, frame, temporal, surfaces.temporalMm());
        statistics(map, normals);
        contact(map, normals);
        resolution(map);
        negativeBall(frame, temporalRays);
        ShapeVector shape =
                ShapeSampler.sample(
                        frame, condyleRays, condyle, normals, temporal, surfaces.temporalMm());
        return result(frame, map, shape);
    }

    private JointMeasures result(
            @Nullable JointFrame frame, @Nullable JointSpaceMap map, @Nullable ShapeVector shape) {
        if (!implausible.isEmpty()) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "what no joint has was found and left out, so the bones were not told apart"
                            + " rightly: %s",
                    String.join("; ", implausible));
        }
        return new JointMeasures(
                surfaces.side(),
                List.copyOf(measurements.values()),
                flags,
                List.copyOf(landmarks.values()),
                frame,
                map,
                shape);
    }

    private static boolean isFinite(TriangleMesh mesh) {
        for (double d : mesh.xyzMm()) {
            if (!Double.isFinite(d)) {
                return false;
            }
        }
        return true;
    }

    private void put(Measure measure, double value, Vec3... line) {
        PlausibleRange range = PlausibleRange.of(measure);
        if (!range.contains(value)) {
            implausible.add(
                    "%s %.1f %s (possible: %.0f to %.0f)"
                            .formatted(
                                    measure.meaning(),
                                    value,
                                    measure.ucum().equals("deg") ? "°" : measure.ucum(),
                                    range.from(),
                                    range.to()));
        } else if (Double.isFinite(value)) {
            measurements.put(measure, new Measurement(measure, value, List.of(line)));
        }
    }

    private void mark(Landmark.Kind kind, @Nullable Vec3 position) {
        if (position != null) {
            landmarks.put(kind, new Landmark(kind, position));
        }
    }

    private void flag(Reason reason, String sentence, Object... figures) {
        String text =
                figures.length == 0 ? sentence : String.format(Locale.ROOT, sentence, figures);
        flags.add(
                new QualityFlag(
                        reason,
                        surfaces.side(),
                        Character.toUpperCase(text.charAt(0)) + text.substring(1) + "."));
    }

    private void confidence() {
        boolean low =
                context.confidence().orElse(1) < limits.confidence()
                        || context.clearShare().orElse(1) < limits.clearShare();
        if (low) {
            flag(
                    Reason.LOW_CONFIDENCE,
                    "the bones were told apart with a mean probability of %.0f %%, and %.0f %% of"
                            + " their border is unclear in the image",
                    100 * context.confidence().orElse(1),
                    100 * (1 - context.clearShare().orElse(1)));
        }
    }

    private void sizes(@Nullable MeshDistance condyle) {
        ScalarVolume fraction = surfaces.negativeFraction();
        VolumeGeometry g = fraction.geometry();
        double sum = 0;
        boolean open = false;
        int o = 0;
        for (int k = 0; k < g.slices(); k++) {
            boolean endK = k == 0 || k == g.slices() - 1;
            for (int j = 0; j < g.rows(); j++) {
                boolean endJ = endK || j == 0 || j == g.rows() - 1;
                for (int i = 0; i < g.columns(); i++) {
                    float f = fraction.values()[o++];
                    if (f > 0) {
                        sum += f;
                        open |= endJ || i == 0 || i == g.columns() - 1;
                    }
                }
            }
        }
        double volume = sum * g.voxelVolumeMm3();
        if (volume > 0) {
            put(Measure.NEGATIVE_VOLUME, volume);
            put(Measure.NEGATIVE_VOLUME_AREA, surfaces.negativeAreaMm2());
        } else {
            flag(
                    Reason.NOT_MEASURABLE,
                    "there is no space between condyle and temporal bone, so no negative volume");
        }
        if (open) {
            flag(
                    Reason.JOINT_CUT_BY_FIELD_OF_VIEW,
                    "the negative volume runs out of the volume of interest; its size is too"
                            + " small");
        }
        if (surfaces.reachShare() > limits.reachShare()) {
            flag(
                    Reason.REACH_LIMIT,
                    "%.0f %% of the inflated condyle meet no bone within the reach of %.1f mm;"
                            + " there the reach decides the negative volume",
                    100 * surfaces.reachShare(),
                    surfaces.parameters().reachMm());
        }
        double hidden = condyle == null ? 0 : HiddenSpace.share(surfaces, condyle);
        if (hidden > limits.hiddenShare()) {
            flag(
                    Reason.REACH_LIMIT,
                    "%.0f %% of the negative volume (%.0f mm³) lie behind the temporal bone,"
                            + " reached through a hole in it or a wall too thin for the image",
                    100 * hidden,
                    hidden * volume);
        }
        if (condyle != null) {
            put(Measure.CONDYLE_VOLUME, MeshMeasures.volumeMm3(condyle.mesh()));
            put(Measure.CONDYLE_AREA, areaWithoutCut(condyle.mesh()));
        }
    }

    private double areaWithoutCut(TriangleMesh condyle) {
        int[] c = condyle.triangles();
        Vec3 axis = surfaces.condyleAxis();
        double offset = surfaces.neckCutPoint().dot(axis);
        double sum = 0;
        for (int t = 0; t < c.length; t += 3) {
            Vec3 normal = condyle.twiceArea(t / 3);
            double twice = normal.norm();
            double height = condyle.vertex(c[t]).dot(axis) - offset;
            double down = -normal.dot(axis);
            if (!(Math.abs(height) < CUT_MM && down > CUT_COSINE * twice)) {
                sum += twice / 2;
            }
        }
        return sum;
    }

    private void condyleSize(JointFrame f, Rays condyle, boolean longAxisKnown) {
        mark(Landmark.Kind.CONDYLE_CENTRE, f.centre());
        Vec3 top = condyle.last(f.centre(), f.superior(), 40);
        Vec3 lateral = condyle.last(f.centre(), f.lateral(), 40);
        Vec3 medial = condyle.last(f.centre(), f.lateral().times(-1), 40);
        Vec3 front = condyle.last(f.centre(), f.posterior().times(-1), 40);
        Vec3 back = condyle.last(f.centre(), f.posterior(), 40);
        mark(Landmark.Kind.CONDYLE_TOP, top);
        mark(Landmark.Kind.CONDYLE_FRONT, front);
        mark(Landmark.Kind.CONDYLE_BACK, back);
        if (top != null) {
            put(Measure.CONDYLE_HEIGHT, f.heightMm(), f.centre(), top);
        }
        if (front != null && back != null) {
            put(Measure.CONDYLE_DEPTH, front.distanceTo(back), front, back);
        }
        if (lateral != null && medial != null) {
            mark(Landmark.Kind.LATERAL_POLE, lateral);
            mark(Landmark.Kind.MEDIAL_POLE, medial);
            put(Measure.CONDYLE_WIDTH, medial.distanceTo(lateral), medial, lateral);
            if (longAxisKnown) {
                double forward = -f.lateral().dot(context.axes().posterior());
                put(
                        Measure.HORIZONTAL_CONDYLAR_ANGLE,
                        Math.toDegrees(Math.asin(Math.clamp(forward, -1.0, 1.0))),
                        medial,
                        lateral);
            }
        }
        if (!longAxisKnown) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "the horizontal condylar angle is not measured: the condyle has no long axis"
                            + " near the coronal plane; its sides are taken along the head's");
        }
    }

    private void shortNeck(TriangleMesh condyle) {
        Vec3 axis = surfaces.condyleAxis();
        double offset = surfaces.neckCutPoint().dot(axis);
        double lowest = Double.POSITIVE_INFINITY;
        for (int v = 0; v < condyle.vertexCount(); v++) {
            lowest = Math.min(lowest, condyle.vertex(v).dot(axis) - offset);
        }
        if (lowest > limits.shortNeckMm()) {
            flag(
                    Reason.FIELD_OF_VIEW_SHORT_NECK,
                    "the condyle ends %.1f mm above the neck's cut; its volume and area are too"
                            + " small",
                    lowest);
        }
    }

    private void ramusAngle(JointFrame f) {
        ScalarVolume mandible = context.mandibleMm();
        if (mandible == null) {
            return;
        }
        RamusBorder border =
                RamusBorder.of(mandible, context.axes(), f.centre(), surfaces.neckCutPoint());
        if (border == null) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "the sagittal ramus angle is not measured: less than %.0f mm of the ramus lie"
                            + " in the volume of interest",
                    RamusBorder.LEAST_LENGTH_MM);
        } else {
            put(
                    Measure.SAGITTAL_RAMUS_ANGLE,
                    border.angleDegrees(),
                    border.upper(),
                    border.lower());
        }
    }

    private void jointSpaces(JointFrame f, JointSpaceProbe probe, FossaProfile fossa) {
        double e = Math.toRadians(SIDE_ELEVATION_DEGREES);
        double c = Math.cos(e);
        double s = Math.sin(e);
        List<String> refused = new ArrayList<>();
        JointSpaceProbe.Answer anterior = probe.space(f, f.direction(0, -c, s));
        JointSpaceProbe.Gap ahead = anterior.gap();
        if (ahead != null && passesCrest(f, ahead.temporal(), fossa.crest())) {
            anterior =
                    new JointSpaceProbe.Answer(
                            null, "the condyle's front does not face the eminence's slope");
        }
        space(Measure.ANTERIOR_JOINT_SPACE, anterior, refused);
        space(Measure.SUPERIOR_JOINT_SPACE, probe.space(f, f.superior()), refused);
        space(Measure.POSTERIOR_JOINT_SPACE, probe.space(f, f.direction(0, c, s)), refused);
        space(Measure.MEDIAL_JOINT_SPACE, probe.space(f, f.direction(-c, 0, s)), refused);
        space(Measure.LATERAL_JOINT_SPACE, probe.space(f, f.direction(c, 0, s)), refused);
        if (!refused.isEmpty()) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "some joint spaces are not measured: %s",
                    String.join("; ", refused));
        }
    }

    /** Whether a point of the temporal bone lies in front of the eminence's crest or below it. */
    private static boolean passesCrest(JointFrame f, Vec3 temporal, @Nullable Vec3 crest) {
        if (crest == null) {
            return false;
        }
        Vec3 end = f.coordinates(temporal);
        Vec3 low = f.coordinates(crest);
        return end.y() < low.y() || end.z() < low.z();
    }

    private void space(Measure measure, JointSpaceProbe.Answer answer, List<String> refused) {
        JointSpaceProbe.Gap gap = answer.gap();
        if (gap == null) {
            refused.add(measure.meaning() + ", " + answer.why());
        } else {
            resolved(measure, gap, refused);
        }
    }

    /** Puts a space that the scan resolves along it, else says that it does not. */
    private void resolved(Measure measure, JointSpaceProbe.Gap gap, List<String> refused) {
        double spacing = context.sourceSpacingAlong(gap.condyle(), gap.temporal());
        if (gap.mm() < limits.leastVoxelsAcrossSpace() * spacing) {
            refused.add(
                    String.format(
                            Locale.ROOT,
                            "%s, it is narrower than the scan's image points are apart there (%.1f"
                                    + " mm)",
                            measure.meaning(),
                            spacing));
        } else {
            put(measure, gap.mm(), gap.condyle(), gap.temporal());
        }
    }

    private void fossa(JointFrame f, FossaProfile profile, Rays condyle, Rays temporal) {
        Vec3 top = profile.top();
        if (profile.crest() != null && profile.rim() != null && profile.deepest() != null) {
            Vec3 crest = profile.crest();
            Vec3 rim = profile.rim();
            Vec3 deepest = profile.deepest();
            Vec3 along = rim.minus(crest).normalised();
            Vec3 foot = crest.plus(along.times(deepest.minus(crest).dot(along)));
            double width = crest.distanceTo(rim);
            if (!PlausibleRange.of(Measure.FOSSA_WIDTH).contains(width)
                    || !PlausibleRange.of(Measure.FOSSA_DEPTH).contains(profile.depthMm())) {
                flag(
                        Reason.NOT_MEASURABLE,
                        "fossa width and depth and the spaces at the tangent points are not"
                                + " measured: a fossa %.1f mm wide and %.1f mm deep is none",
                        width,
                        profile.depthMm());
                return;
            }
            put(Measure.FOSSA_WIDTH, width, crest, rim);
            put(Measure.FOSSA_DEPTH, profile.depthMm(), foot, deepest);
        } else {
            flag(
                    Reason.NOT_MEASURABLE,
                    "fossa width and depth are not measured: " + profile.problem());
        }
        mark(Landmark.Kind.FOSSA_TOP, top);
        mark(Landmark.Kind.EMINENCE_CREST, profile.crest());
        mark(Landmark.Kind.POSTERIOR_RIM, profile.rim());
        if (top == null) {
            return;
        }
        openMouth(f, top, profile.crest());
        List<String> refused = new ArrayList<>();
        JointSpaceProbe.Gap front = TangentSpace.of(f, top, -1, condyle, temporal);
        if (front != null && passesCrest(f, front.temporal(), profile.crest())) {
            front = null;
        }
        tangent(Measure.ANTERIOR_TANGENT_SPACE, front, refused);
        tangent(
                Measure.POSTERIOR_TANGENT_SPACE,
                TangentSpace.of(f, top, 1, condyle, temporal),
                refused);
        if (!refused.isEmpty()) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "some spaces at the tangent points are not measured: %s",
                    String.join("; ", refused));
        }
    }

    private void tangent(Measure measure, JointSpaceProbe.@Nullable Gap gap, List<String> refused) {
        if (gap == null) {
            refused.add(measure.meaning() + ", the line from the fossa's top finds no site for it");
        } else {
            resolved(measure, gap, refused);
        }
    }

    private void openMouth(JointFrame f, Vec3 fossaTop, @Nullable Vec3 crest) {
        // Across the long axis; the condyle's top stands straight above its centre.
        double ahead = f.coordinates(fossaTop).y();
        double way = crest == null ? 8 : f.coordinates(fossaTop).y() - f.coordinates(crest).y();
        if (ahead > limits.openMouthShare() * way) {
            flag(
                    Reason.OPEN_MOUTH,
                    "the condyle stands %.1f mm in front of the fossa's top, as with an open mouth;"
                            + " norms of the closed bite do not apply",
                    ahead);
        }
    }

    private void statistics(@Nullable JointSpaceMap map, MeshNormals normals) {
        if (map == null) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "the joint space is not mapped: no part of the condyle faces the temporal bone"
                            + " within %.0f mm",
                    JointSpaceMapper.FACING_MM);
            return;
        }
        double unresolved = unresolvedShare(map, normals);
        if (unresolved > limits.unresolvedShare()) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "mean, deviation and percentiles of the joint space are not measured: over"
                            + " %.0f %% of the condyle it is narrower than the scan's image points"
                            + " are apart",
                    100 * unresolved);
            return;
        }
        JointSpaceMap.Statistics s = map.overall();
        put(Measure.JOINT_SPACE_MEAN, s.mean());
        put(Measure.JOINT_SPACE_SD, s.sd());
        put(Measure.JOINT_SPACE_MIN, s.min());
        put(Measure.JOINT_SPACE_P05, s.p05());
        put(Measure.JOINT_SPACE_P25, s.p25());
        put(Measure.JOINT_SPACE_MEDIAN, s.median());
        put(Measure.JOINT_SPACE_P75, s.p75());
        put(Measure.JOINT_SPACE_P95, s.p95());
        map.regions()
                .forEach(
                        (region, r) -> {
                            put(mean(region), r.mean());
                            put(deviation(region), r.sd());
                        });
    }

    /** Share of the map's area where the space is narrower than the scan's points along it. */
    private double unresolvedShare(JointSpaceMap map, MeshNormals normals) {
        double narrow = 0;
        double all = 0;
        for (int v = 0; v < map.distanceMm().length; v++) {
            float distance = map.distanceMm()[v];
            if (!Float.isNaN(distance)) {
                all += normals.areaMm2[v];
                double spacing = context.sourceSpacingAlong(Vec3.ZERO, normals.normal(v));
                if (distance < limits.leastVoxelsAcrossSpace() * spacing) {
                    narrow += normals.areaMm2[v];
                }
            }
        }
        return all > 0 ? narrow / all : 0;
    }

    private static Measure mean(Region region) {
        return switch (region) {
            case ANTERIOR -> Measure.JOINT_SPACE_ANTERIOR_MEAN;
            case SUPERIOR -> Measure.JOINT_SPACE_SUPERIOR_MEAN;
            case POSTERIOR -> Measure.JOINT_SPACE_POSTERIOR_MEAN;
            case MEDIAL -> Measure.JOINT_SPACE_MEDIAL_MEAN;
            case LATERAL -> Measure.JOINT_SPACE_LATERAL_MEAN;
        };
    }

    private static Measure deviation(Region region) {
        return switch (region) {
            case ANTERIOR -> Measure.JOINT_SPACE_ANTERIOR_SD;
            case SUPERIOR -> Measure.JOINT_SPACE_SUPERIOR_SD;
            case POSTERIOR -> Measure.JOINT_SPACE_POSTERIOR_SD;
            case MEDIAL -> Measure.JOINT_SPACE_MEDIAL_SD;
            case LATERAL -> Measure.JOINT_SPACE_LATERAL_SD;
        };
    }

    private void contact(@Nullable JointSpaceMap map, MeshNormals normals) {
        if (map == null) {
            return;
        }
        double area = 0;
        for (int v = 0; v < map.distanceMm().length; v++) {
            if (map.distanceMm()[v] < limits.contactMm()) {
                area += normals.areaMm2[v];
            }
        }
        if (area > limits.contactAreaMm2()) {
            flag(
                    Reason.BONE_CONTACT,
                    "condyle and temporal bone touch over %.1f mm² (%.0f %% of the facing surface),"
                            + " or the image does not resolve the space there",
                    area,
                    100 * area / map.facingAreaMm2());
        }
    }

    private void resolution(@Nullable JointSpaceMap map) {
        if (map == null || context.sourceSpacingMm().isEmpty()) {
            return;
        }
        double spacing = context.sourceSpacingMm().getAsDouble();
        double space = map.overall().p05();
        for (Measure m :
                List.of(
                        Measure.ANTERIOR_JOINT_SPACE,
                        Measure.SUPERIOR_JOINT_SPACE,
                        Measure.POSTERIOR_JOINT_SPACE)) {
            Measurement taken = measurements.get(m);
            space = taken == null ? space : Math.min(space, taken.value());
        }
        if (space < limits.voxelsAcrossSpace() * spacing) {
            flag(
                    Reason.COARSE_RESOLUTION,
                    "the narrowest joint space of %.1f mm is not resolved by image points %.2f mm"
                            + " apart",
                    space,
                    spacing);
        }
    }

    private void negativeBall(JointFrame f, Rays temporal) {
        double roof = temporal.distance(f.centre(), f.superior(), ROOF_MM);
        if (!(roof <= ROOF_MM)) {
            flag(
                    Reason.NOT_MEASURABLE,
                    "the negative ball is not measured: there is no roof above the condyle");
            return;
        }
        NegativeBall ball =
                NegativeBall.of(
                        f.centre(),
                        Math.max(roof, f.halfWidthMm()),
                        surfaces.condyleMm(),
                        surfaces.temporalMm(),
                        surfaces.neckCutPoint(),
                        surfaces.condyleAxis());
        if (ball.volumeMm3() > 0) {
            put(
                    Measure.NEGATIVE_BALL_VOLUME,
                    ball.volumeMm3(),
                    f.centre(),
                    f.centre().plus(f.superior().times(ball.radiusMm())));
        }
    }
}
