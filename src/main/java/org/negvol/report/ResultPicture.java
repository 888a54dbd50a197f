package org.negvol.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.measure.JointFrame;
import org.negvol.measure.JointSpaceMap;
import org.negvol.measure.Measure;
import org.negvol.measure.Measurement;
import org.negvol.measure.QualityFlag;
import org.negvol.report.PlanePicture.Hanging;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.CtSeries;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiReader;
import org.negvol.volume.VolumeGeometry;

/**
 * A result on one page: three planes through each joint with the outlines of the bones and of the
 * negative volume, shaded surfaces, joint-space maps and the numbers; for a refusal the reason and
 * three planes through the middle of the scan.
 *
 * <p>The coronal and sagittal planes follow the condyle's long axis, as is usual for the joint. The
 * page names the scan, not the patient. The same result gives the same picture on every machine.
 */
public final class ResultPicture {

    private static final int WIDTH = 1800;
    private static final int MARGIN = 28;
    private static final int GAP = 10;

    /** Scale of all planes through joints, so that they can be compared. */
    private static final double PX_PER_MM = 9;

    private static final int PLANE_HEIGHT = 402;
    private static final int[] PLANE_WIDTHS = {345, 345, 460};
    private static final int PLANES_WIDTH = 345 + 345 + 460 + 2 * GAP;
    private static final int SCENE_HEIGHT = 430;
    private static final int COLOUR_BAR_WIDTH = 78;
    private static final double SCENE_WIDTH =
            (WIDTH - 2 * MARGIN - 3 * GAP - COLOUR_BAR_WIDTH) / 4.0;

    /** Joint spaces are coloured between these, mm. */
    private static final double MAP_FROM_MM = 0;

    static final double MAP_TO_MM = 5;

    /** A distance whose ends lie further off the plane is not drawn on it, mm. */
    private static final double OFF_PLANE_MM = 1.5;

    private static final Color BACKGROUND = new Color(0x0E1217);
    private static final Color PANEL = new Color(0x171D24);
    private static final Color RULE = new Color(0x2B343E);
    private static final Color TEXT = new Color(0xE9EEF3);
    private static final Color MUTED = new Color(0x95A3B1);
    private static final Color GOOD = new Color(0x3CCB8E);
    private static final Color CAUTION = new Color(0xF2B544);
    private static final Color BAD = new Color(0xF0676B);

    private static final List<Group> TABLE =
            List.of(
                    new Group(
                            "Negative volume",
                            Measure.NEGATIVE_VOLUME,
                            Measure.NEGATIVE_VOLUME_AREA),
                    new Group(
                            "Joint space",
                            Measure.ANTERIOR_JOINT_SPACE,
                            Measure.SUPERIOR_JOINT_SPACE,
                            Measure.POSTERIOR_JOINT_SPACE,
                            Measure.MEDIAL_JOINT_SPACE,
                            Measure.LATERAL_JOINT_SPACE,
                            Measure.JOINT_SPACE_MEAN,
                            Measure.JOINT_SPACE_SD,
                            Measure.JOINT_SPACE_MIN),
                    new Group(
                            "Fossa and condyle",
                            Measure.FOSSA_WIDTH,
                            Measure.FOSSA_DEPTH,
                            Measure.CONDYLE_WIDTH,
                            Measure.CONDYLE_DEPTH,
                            Measure.HORIZONTAL_CONDYLAR_ANGLE,
                            Measure.CONDYLE_VOLUME));

    private static final List<Measure> SYMMETRY =
            List.of(
                    Measure.SYMMETRY_RATIO,
                    Measure.HAUSDORFF_DISTANCE,
                    Measure.HAUSDORFF_95,
                    Measure.MEAN_SURFACE_DISTANCE,
                    Measure.MIRRORED_DICE,
                    Measure.VOLUME_RATIO,
                    Measure.WASSERSTEIN_DISTANCE);

    private record Group(String title, List<Measure> measures) {
        Group(String title, Measure... measures) {
            this(title, List.of(measures));
        }
    }

    private final StudyResult result;
    private final @Nullable CtSeries scan;
    private Graphics2D g;

    private ResultPicture(StudyResult result, @Nullable CtSeries scan, Graphics2D measuring) {
        this.result = result;
        this.scan = scan;
        g = measuring;
    }

    /**
     * Draws the page of a result.
     *
     * @param scan the series the result was computed from, for the planes of a refusal; null leaves
     *     them out
     * @throws IOException if a slice cannot be read
     */
    public static BufferedImage render(StudyResult result, @Nullable CtSeries scan)
            throws IOException {
        // The height depends on the text; nothing of a page is drawn twice that costs much.
        BufferedImage scratch = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        ResultPicture page = new ResultPicture(result, scan, scratch.createGraphics());
        boolean measured = !result.joints().isEmpty();
        int height = measured ? page.measuredHeight() : page.refusalHeight();
        BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
        page.g = image.createGraphics();
        page.g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        page.g.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        page.g.setColor(BACKGROUND);
        page.g.fillRect(0, 0, WIDTH, height);
        if (measured) {
            page.drawMeasured(height);
        } else {
            page.drawRefusal(height);
        }
        page.g.dispose();
        return image;
    }

    /** The three planes of a joint, cut out of the page of a measured result. */
    static BufferedImage planes(BufferedImage page, Side side) {
        int above = side == Side.RIGHT ? 0 : HEADING + PLANE_HEIGHT;
        return page.getSubimage(MARGIN, HEADER + HEADING + above, PLANES_WIDTH, PLANE_HEIGHT);
    }

    /** Surfaces and joint-space maps, cut out of the page of a measured result. */
    static BufferedImage scenes(BufferedImage page) {
        int y = HEADER + 2 * (HEADING + PLANE_HEIGHT) + HEADING;
        return page.getSubimage(MARGIN, y, WIDTH - 2 * MARGIN, SCENE_HEIGHT);
    }

    /** Width of a frame that shows a part of the page; the planes of a joint fill it. */
    private static final int DETAIL_WIDTH = 2 * MARGIN + PLANES_WIDTH;

    /**
     * The page made smaller, then what it shows of each joint in full size: pictures of one size
     * for a screen that is smaller than the page.
     */
    static List<BufferedImage> details(StudyResult result, BufferedImage page) {
        double scale = (double) DETAIL_WIDTH / WIDTH;
        int header = (int) Math.round(scale * HEADER);
        int footer = (int) Math.round(scale * FOOTER);
        int height =
                Math.max(
                        (int) Math.round(scale * page.getHeight()),
                        header + 2 * HEADING + PLANE_HEIGHT + SCENE_HEIGHT + footer);
        List<BufferedImage> frames = new ArrayList<>();
        frames.add(frame(height, g -> part(g, page, 0, page.getHeight(), 0, scale)));
        for (Side side : List.of(Side.RIGHT, Side.LEFT)) {
            if (result.joint(side).isPresent()) {
                frames.add(
                        frame(
                                height,
                                g -> {
                                    part(g, page, 0, HEADER, 0, scale);
                                    jointDetail(g, page, side, header);
                                    part(
                                            g,
                                            page,
                                            page.getHeight() - FOOTER,
                                            FOOTER,
                                            height - footer,
                                            scale);
                                }));
            }
        }
        return frames;
    }

    private static BufferedImage frame(int height, Consumer<Graphics2D> content) {
        BufferedImage frame = new BufferedImage(DETAIL_WIDTH, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = frame.createGraphics();
        g.setColor(BACKGROUND);
        g.fillRect(0, 0, DETAIL_WIDTH, height);
        content.accept(g);
        g.dispose();
        return frame;
    }

    /** Draws rows of the page in another size. */
    private static void part(
            Graphics2D g, BufferedImage page, int from, int rows, int to, double scale) {
        // Half and less would need more than the four pixels that this takes the mean of.
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(
                page.getSubimage(0, from, WIDTH, rows),
                0,
                to,
                DETAIL_WIDTH,
                (int) Math.round(scale * rows),
                null);
    }

    /** Draws planes, surfaces and joint-space map of one joint as they are on the page. */
    private static void jointDetail(Graphics2D g, BufferedImage page, Side side, int y) {
        int planes = HEADER + (side == Side.RIGHT ? 0 : HEADING + PLANE_HEIGHT);
        g.drawImage(
                page.getSubimage(0, planes, DETAIL_WIDTH - MARGIN, HEADING + PLANE_HEIGHT),
                0,
                y,
                null);
        int scenes = HEADER + 2 * (HEADING + PLANE_HEIGHT);
        int x = MARGIN;
        for (int panel = side == Side.RIGHT ? 0 : 1; panel < 4; panel += 2) {
            int from = (int) (MARGIN + panel * (SCENE_WIDTH + GAP));
            g.drawImage(
                    page.getSubimage(from, scenes + HEADING, (int) SCENE_WIDTH, SCENE_HEIGHT),
                    x,
                    y + 2 * HEADING + PLANE_HEIGHT,
                    null);
            x += (int) SCENE_WIDTH + GAP;
        }
        g.drawImage(
                page.getSubimage(
                        WIDTH - MARGIN - COLOUR_BAR_WIDTH,
                        scenes,
                        COLOUR_BAR_WIDTH,
                        HEADING + SCENE_HEIGHT),
                x,
                y + HEADING + PLANE_HEIGHT,
                null);
    }

    // Measured joints

    private static final int HEADER = 96;
    private static final int HEADING = 50;
    private static final int FOOTER = 62;
    private static final double FLAG_SIZE = 16;
    private static final int FLAG_LINE = 25;

    private int measuredHeight() {
        int flags = flagLines().size();
        return HEADER
                + 2 * (HEADING + PLANE_HEIGHT)
                + HEADING
                + SCENE_HEIGHT
                + (flags == 0 ? 0 : HEADING + flags * FLAG_LINE)
                + FOOTER;
    }

    private void drawMeasured(int height) {
        drawHeader();
        int y = HEADER;
        // The patient's right is on the viewer's left, and first from above.
        for (Side side : List.of(Side.RIGHT, Side.LEFT)) {
            heading(name(side) + " joint", MARGIN, y);
            Optional<JointResult> joint = result.joint(side);
            if (joint.isPresent()) {
                drawPlanes(joint.get(), y + HEADING);
            } else {
                drawMissing(side, MARGIN, y + HEADING, PLANES_WIDTH, PLANE_HEIGHT);
            }
            y += HEADING + PLANE_HEIGHT;
        }
        drawTable(MARGIN + PLANES_WIDTH + 30, HEADER, WIDTH - MARGIN);
        drawScenes(y);
        y += HEADING + SCENE_HEIGHT;
        drawFlags(y);
        drawFooter(height);
    }

    private static String name(Side side) {
        return side == Side.LEFT ? "Left" : "Right";
    }

    private void drawHeader() {
        double pill = drawOutcome();
        g.setColor(TEXT);
        Typeface.SEMIBOLD.draw(
                g, "Negative volume of the temporomandibular joints", MARGIN, 46, 29);
        g.setColor(MUTED);
        double width = WIDTH - 2 * MARGIN;
        Typeface.REGULAR.draw(g, Typeface.REGULAR.fit(scanLine(), width, 17), MARGIN, 74, 17);
        if (pill > 0) {
            g.setColor(RULE);
            g.setStroke(new BasicStroke(1));
            g.draw(new Line2D.Double(MARGIN, 92, WIDTH - MARGIN, 92));
        }
    }

    /** Draws the state at the upper right and returns its left end. */
    private double drawOutcome() {
        String word =
                switch (result.outcome()) {
                    case Outcome.Done d -> "Done";
                    case Outcome.Degraded d -> "Done with limits";
                    case Outcome.NotApplicable n -> "Not applicable";
                    case Outcome.Failed f -> "Failed";
                };
        Color colour =
                switch (result.outcome()) {
                    case Outcome.Done d -> GOOD;
                    case Outcome.Degraded d -> CAUTION;
                    case Outcome.NotApplicable n -> MUTED;
                    case Outcome.Failed f -> BAD;
                };
        double w = Typeface.SEMIBOLD.width(word, 16) + 30;
        double x = WIDTH - MARGIN - w;
        g.setColor(colour);
        g.fill(new RoundRectangle2D.Double(x, 22, w, 32, 32, 32));
        g.setColor(BACKGROUND);
        Typeface.SEMIBOLD.draw(g, word, x + 15, 44, 16);
        return x;
    }

    /** What was scanned, when and how; not who. */
    private String scanLine() {
        Attributes a = result.source().firstImage();
        List<String> parts = new ArrayList<>();
        parts.add(a.getString(Tag.Modality, ""));
        parts.add(a.getString(Tag.SeriesDescription, ""));
        String date = a.getString(Tag.StudyDate, "");
        if (date.length() == 8) {
            parts.add(date.substring(0, 4) + "-" + date.substring(4, 6) + "-" + date.substring(6));
        }
        String model = a.getString(Tag.ManufacturerModelName, "");
        parts.add((a.getString(Tag.Manufacturer, "") + " " + model).strip());
        VolumeGeometry grid = result.geometry();
        if (grid != null) {
            parts.add(
                    String.format(
                            Locale.ROOT,
                            "%d slices %.2f mm apart, pixels of %.2f mm",
                            grid.slices(),
                            grid.spacingMm(2),
                            Math.max(grid.spacingMm(0), grid.spacingMm(1))));
        }
        parts.removeIf(String::isBlank);
        return String.join("   ·   ", parts);
    }

    private void heading(String text, double x, double y) {
        g.setColor(TEXT);
        Typeface.SEMIBOLD.draw(g, text, x, y + HEADING - 13, 19);
    }

    private void drawPlanes(JointResult joint, int y) {
        TriangleMesh condyle = joint.surfaces().condyle();
        JointFrame frame = joint.measures().frame();
        Vec3 centre = frame == null ? middle(condyle) : frame.centre();
        Hanging coronal = Hanging.CORONAL;
        Hanging sagittal = Hanging.SAGITTAL;
        if (frame != null) {
            Vec3 up = frame.superior();
            Vec3 left = frame.lateral().times(frame.lateral().x() < 0 ? -1 : 1);
            coronal = new Hanging(left, up.times(-1));
            sagittal = new Hanging(frame.posterior(), up.times(-1));
        }
        Hanging[] hangings = {Hanging.AXIAL, coronal, sagittal};
        String[] titles =
                frame == null
                        ? new String[] {"Axial", "Coronal", "Sagittal"}
                        : new String[] {"Axial", "Coronal oblique", "Sagittal oblique"};
        List<List<Measure>> distances =
                List.of(
                        List.of(),
                        List.of(
                                Measure.MEDIAL_JOINT_SPACE,
                                Measure.SUPERIOR_JOINT_SPACE,
                                Measure.LATERAL_JOINT_SPACE),
                        List.of(
                                Measure.ANTERIOR_JOINT_SPACE,
                                Measure.SUPERIOR_JOINT_SPACE,
                                Measure.POSTERIOR_JOINT_SPACE));
        double x = MARGIN;
        for (int i = 0; i < hangings.length; i++) {
            Rectangle2D place = new Rectangle2D.Double(x, y, PLANE_WIDTHS[i], PLANE_HEIGHT);
            PlanePicture plane = new PlanePicture(g, hangings[i], centre, PX_PER_MM, place);
            plane.drawCt(joint.segmented().hu(), PlanePicture.Window.BONE);
            plane.drawSection(joint.surfaces().temporalBone(), SegmentColour.TEMPORAL_BONE, 0, 1.8);
            plane.drawSection(
                    joint.surfaces().negativeVolume(), SegmentColour.NEGATIVE_VOLUME, 56, 2);
            plane.drawSection(condyle, SegmentColour.CONDYLE, 0, 2);
            for (int other = 0; other < hangings.length; other++) {
                if (other != i) {
                    plane.drawTrace(hangings[other]);
                }
            }
            for (Measure measure : distances.get(i)) {
                joint.measures()
                        .measurement(measure)
                        .filter(m -> lies(m, plane))
                        .ifPresent(m -> plane.drawDistance(m.line(), m.value()));
            }
            plane.drawLabels(titles[i]);
            plane.drawScale();
            plane.dispose();
            x += PLANE_WIDTHS[i] + GAP;
        }
    }

    private static boolean lies(Measurement m, PlanePicture plane) {
        return m.line().size() >= 2
                && plane.offPlaneMm(m.line().getFirst()) <= OFF_PLANE_MM
                && plane.offPlaneMm(m.line().getLast()) <= OFF_PLANE_MM;
    }

    /** Middle of a surface's bounding box. */
    private static Vec3 middle(TriangleMesh mesh) {
        double[] low = {1e9, 1e9, 1e9};
        double[] high = {-1e9, -1e9, -1e9};
        double[] p = mesh.xyzMm();
        for (int i = 0; i < p.length; i++) {
            low[i % 3] = Math.min(low[i % 3], p[i]);
            high[i % 3] = Math.max(high[i % 3], p[i]);
        }
        return new Vec3(low[0] + high[0], low[1] + high[1], low[2] + high[2]).times(0.5);
    }

    private void drawMissing(Side side, double x, double y, double width, double height) {
        g.setColor(PANEL);
        g.fill(new Rectangle2D.Double(x, y, width, height));
        String sentence =
                result.flags().stream()
                        .filter(f -> f.side() == side)
                        .map(QualityFlag::sentence)
                        .findFirst()
                        .orElse("This joint was not measured.");
        List<String> lines = Typeface.REGULAR.wrap(sentence, width - 80, 19);
        double at = y + height / 2 - 14 * lines.size();
        g.setColor(CAUTION);
        Typeface.SEMIBOLD.drawCentred(
                g, name(side) + " joint: no measurement", x + width / 2, at, 19);
        g.setColor(TEXT);
        for (String line : lines) {
            at += 29;
            Typeface.REGULAR.drawCentred(g, line, x + width / 2, at, 19);
        }
    }

    // Numbers

    private static final double ROW = 30;

    private void drawTable(double x, double y, double right) {
        double unit = right - 46;
        double left = unit - 14;
        double rightSide = left - 92;
        heading("Measurements", x, y);
        g.setColor(MUTED);
        Typeface.SEMIBOLD.drawRight(g, "Right", rightSide, y + HEADING - 13, 16);
        Typeface.SEMIBOLD.drawRight(g, "Left", left, y + HEADING - 13, 16);
        double at = y + HEADING;
        for (Group group : TABLE) {
            at = group(group.title(), x, right, at);
            for (Measure m : group.measures()) {
                row(m, x, rightSide, left, unit, at, value(Side.RIGHT, m), value(Side.LEFT, m));
                at += ROW;
            }
            at += 10;
        }
        at = group("Left against right", x, right, at);
        for (Measure m : SYMMETRY) {
            OptionalDouble value =
                    result.symmetry() == null ? OptionalDouble.empty() : result.symmetry().value(m);
            row(m, x, rightSide, left, unit, at, null, value);
            at += ROW;
        }
    }

    private OptionalDouble value(Side side, Measure measure) {
        return result.joint(side)
                .map(j -> j.measures().value(measure))
                .orElse(OptionalDouble.empty());
    }

    private double group(String title, double x, double right, double y) {
        g.setColor(RULE);
        g.setStroke(new BasicStroke(1));
        g.draw(new Line2D.Double(x, y, right, y));
        g.setColor(MUTED);
        Typeface.SEMIBOLD.draw(g, title, x, y + 22, 14);
        return y + 29;
    }

    private void row(
            Measure measure,
            double x,
            double rightSide,
            double left,
            double unit,
            double y,
            @Nullable OptionalDouble first,
            OptionalDouble second) {
        double base = y + 19;
        boolean key =
                measure == Measure.NEGATIVE_VOLUME
                        || measure == Measure.SYMMETRY_RATIO
                        || measure == Measure.HAUSDORFF_DISTANCE;
        Typeface face = key ? Typeface.SEMIBOLD : Typeface.REGULAR;
        g.setColor(TEXT);
        double room = rightSide - 70 - x;
        face.draw(
                g,
                face.fit(measure.meaning(), first == null ? left - 80 - x : room, 16),
                x,
                base,
                16);
        if (first != null) {
            number(measure, first, rightSide, base);
        }
        number(measure, second, left, base);
        g.setColor(MUTED);
        Typeface.REGULAR.draw(g, ReadableMeasure.unit(measure), unit, base, 16);
    }

    private void number(Measure measure, OptionalDouble value, double right, double base) {
        g.setColor(value.isPresent() ? TEXT : MUTED);
        String text = value.isPresent() ? ReadableMeasure.value(measure, value.getAsDouble()) : "–";
        Typeface.SEMIBOLD.drawRight(g, text, right, base, 16);
    }

    // Surfaces

    private void drawScenes(int y) {
        heading("Surfaces, seen from the side, front and below", MARGIN, y);
        double width = SCENE_WIDTH;
        double x = MARGIN;
        for (boolean map : new boolean[] {false, true}) {
            if (map) {
                heading("Joint space over the condyle, seen from above", x, y);
            }
            for (Side side : List.of(Side.RIGHT, Side.LEFT)) {
                Rectangle2D place = new Rectangle2D.Double(x, y + HEADING, width, SCENE_HEIGHT);
                Optional<JointResult> joint = result.joint(side);
                panel(place);
                if (joint.isPresent()) {
                    if (map) {
                        drawMap(joint.get(), place);
                    } else {
                        drawSurfaces(joint.get(), place);
                    }
                }
                g.setColor(TEXT);
                Typeface.SEMIBOLD.draw(g, name(side), x + 12, y + HEADING + 24, 16);
                if (joint.isEmpty()) {
                    g.setColor(MUTED);
                    Typeface.REGULAR.drawCentred(
                            g, "not measured", place.getCenterX(), place.getCenterY(), 17);
                }
                x += width + GAP;
            }
        }
        drawColourBar(x + 4, y + HEADING);
    }

    private void panel(Rectangle2D place) {
        g.setPaint(
                new GradientPaint(
                        0,
                        (float) place.getMinY(),
                        new Color(0x222B35),
                        0,
                        (float) place.getMaxY(),
                        new Color(0x12171D)));
        g.fill(place);
    }

    private void drawSurfaces(JointResult joint, Rectangle2D place) {
        double outward = joint.side() == Side.LEFT ? 1 : -1;
        ScenePicture.Camera camera =
                new ScenePicture.Camera(
                        middle(joint.surfaces().condyle()).plus(new Vec3(0, 0, 3)),
                        new Vec3(outward, -0.5, -0.42),
                        new Vec3(0, 0, 1),
                        42);
        drawScene(
                camera,
                List.of(
                        ScenePicture.Layer.of(
                                joint.surfaces().temporalBone(), SegmentColour.TEMPORAL_BONE, 1),
                        ScenePicture.Layer.of(joint.surfaces().condyle(), SegmentColour.CONDYLE, 1),
                        ScenePicture.Layer.of(
                                joint.surfaces().negativeVolume(),
                                SegmentColour.NEGATIVE_VOLUME,
                                0.42)),
                place);
    }

    private void drawScene(
            ScenePicture.Camera camera, List<ScenePicture.Layer> layers, Rectangle2D place) {
        BufferedImage scene =
                ScenePicture.render(
                        camera, layers, (int) place.getWidth(), (int) place.getHeight());
        g.drawImage(scene, (int) place.getX(), (int) place.getY(), null);
    }

    private void drawMap(JointResult joint, Rectangle2D place) {
        JointSpaceMap map = joint.measures().jointSpace();
        TriangleMesh condyle = joint.surfaces().condyle();
        int[] colours = new int[condyle.vertexCount()];
        for (int v = 0; v < colours.length; v++) {
            float mm = map == null ? Float.NaN : map.distanceMm()[v];
            colours[v] = Float.isNaN(mm) ? 0x7C858F : ColourScale.rgb(share(mm));
        }
        ScenePicture.Camera camera =
                new ScenePicture.Camera(
                        middle(condyle), new Vec3(0, -0.3, 1), new Vec3(0, -1, 0), 25);
        drawScene(
                camera,
                List.of(new ScenePicture.Layer(condyle, ScenePicture.BONE, colours, 1)),
                place);
        g.setColor(MUTED);
        Typeface.REGULAR.drawCentred(g, "anterior", place.getCenterX(), place.getMinY() + 50, 15);
        Typeface.REGULAR.drawCentred(g, "posterior", place.getCenterX(), place.getMaxY() - 14, 15);
        // Seen from above with the front up, the patient's right is on the right.
        boolean lateralOnRight = joint.side() == Side.RIGHT;
        double y = place.getCenterY() + 120;
        Typeface.REGULAR.draw(
                g, lateralOnRight ? "medial" : "lateral", place.getMinX() + 12, y, 15);
        Typeface.REGULAR.drawRight(
                g, lateralOnRight ? "lateral" : "medial", place.getMaxX() - 12, y, 15);
        joint.measures()
                .value(Measure.JOINT_SPACE_MEAN)
                .ifPresent(
                        mean -> {
                            g.setColor(TEXT);
                            Typeface.SEMIBOLD.drawRight(
                                    g,
                                    String.format(Locale.ROOT, "mean %.2f mm", mean),
                                    place.getMaxX() - 12,
                                    place.getMinY() + 24,
                                    15);
                        });
    }

    private static double share(double mm) {
        return (mm - MAP_FROM_MM) / (MAP_TO_MM - MAP_FROM_MM);
    }

    private void drawColourBar(double x, double y) {
        double height = SCENE_HEIGHT - 56;
        double top = y + 30;
        for (int i = 0; i < height; i++) {
            g.setColor(new Color(ColourScale.rgb(1 - i / (height - 1))));
            g.fill(new Rectangle2D.Double(x, top + i, 20, 1.5));
        }
        g.setColor(TEXT);
        Typeface.SEMIBOLD.draw(g, "mm", x, y + 16, 15);
        for (int mm = (int) MAP_FROM_MM; mm <= MAP_TO_MM; mm++) {
            double at = top + height * (1 - share(mm));
            String text = mm == (int) MAP_TO_MM ? "≥ " + mm : Integer.toString(mm);
            Typeface.REGULAR.draw(g, text, x + 27, at + 5, 15);
        }
        g.setColor(new Color(0x7C858F));
        g.fill(new Rectangle2D.Double(x, top + height + 10, 20, 14));
        g.setColor(MUTED);
        Typeface.REGULAR.draw(g, "open", x + 27, top + height + 22, 13);
    }

    // Sentences and provenance

    private record FlagLine(String text, boolean first) {}

    private List<FlagLine> flagLines() {
        List<QualityFlag> flags = new ArrayList<>(result.flags());
        result.joints().forEach(j -> flags.addAll(j.measures().flags()));
        if (result.symmetry() != null) {
            flags.addAll(result.symmetry().flags());
        }
        List<FlagLine> lines = new ArrayList<>();
        if (result.joints().isEmpty()) {
            // A refusal's own sentence stands large above.
            flags.removeIf(f -> result.outcome().sentence().contains(f.sentence()));
        }
        for (QualityFlag flag : flags.stream().distinct().toList()) {
            String side = flag.side() == null ? "" : name(flag.side()) + " joint: ";
            boolean first = true;
            for (String line :
                    Typeface.REGULAR.wrap(
                            side + flag.sentence(), WIDTH - 2 * MARGIN - 24, FLAG_SIZE)) {
                lines.add(new FlagLine(line, first));
                first = false;
            }
        }
        return lines;
    }

    private void drawFlags(double y) {
        List<FlagLine> lines = flagLines();
        if (lines.isEmpty()) {
            return;
        }
        heading("Limits of this result", MARGIN, y);
        double at = y + HEADING + 16;
        for (FlagLine line : lines) {
            if (line.first()) {
                g.setColor(CAUTION);
                Typeface.SEMIBOLD.draw(g, "•", MARGIN + 2, at, 20);
            }
            g.setColor(TEXT);
            Typeface.REGULAR.draw(g, line.text(), MARGIN + 24, at, FLAG_SIZE);
            at += FLAG_LINE;
        }
    }

    private void drawFooter(double height) {
        double base = height - 22;
        double x = MARGIN;
        if (!result.joints().isEmpty()) {
            x = swatch(SegmentColour.CONDYLE, "mandibular condyle", x, base);
            x = swatch(SegmentColour.TEMPORAL_BONE, "temporal bone", x, base);
            x = swatch(SegmentColour.NEGATIVE_VOLUME, "negative volume", x, base);
        }
        List<String> parts = new ArrayList<>();
        if (!result.joints().isEmpty()) {
            NegativeVolumeParameters p = result.joints().getFirst().surfaces().parameters();
            parts.add(
                    String.format(
                            Locale.ROOT,
                            "reach %.1f mm, neck cut %.1f mm below the top",
                            p.reachMm(),
                            p.neckCutBelowTopMm()));
        }
        result.models().forEach(m -> parts.add(m.name() + " " + m.version()));
        parts.add("negvol " + result.pipelineVersion());
        parts.add("measurements, not a diagnosis");
        String text = String.join("   ·   ", parts);
        g.setColor(MUTED);
        double room = WIDTH - MARGIN - x - 20;
        Typeface.REGULAR.drawRight(
                g, Typeface.REGULAR.fit(text, room, 14), WIDTH - MARGIN, base, 14);
    }

    private double swatch(SegmentColour colour, String name, double x, double base) {
        g.setColor(colour.color(90));
        g.fill(new RoundRectangle2D.Double(x, base - 12, 18, 14, 4, 4));
        g.setColor(colour.color());
        g.setStroke(new BasicStroke(2));
        g.draw(new RoundRectangle2D.Double(x, base - 12, 18, 14, 4, 4));
        g.setColor(TEXT);
        return Typeface.REGULAR.draw(g, name, x + 26, base, 15) + 24;
    }

    // Refusals

    private static final int REFUSAL_PLANES = 500;
    private static final double SENTENCE_SIZE = 24;

    private List<String> sentenceLines() {
        return Typeface.SEMIBOLD.wrap(
                result.outcome().sentence(), WIDTH - 2 * MARGIN, SENTENCE_SIZE);
    }

    private int refusalHeight() {
        List<FlagLine> flags = flagLines();
        return HEADER
                + 34
                + sentenceLines().size() * 34
                + (flags.isEmpty() ? 0 : HEADING + flags.size() * FLAG_LINE)
                + (scan == null ? 0 : 26 + REFUSAL_PLANES)
                + FOOTER;
    }

    private void drawRefusal(int height) throws IOException {
        drawHeader();
        double y = HEADER + 34;
        g.setColor(TEXT);
        for (String line : sentenceLines()) {
            Typeface.SEMIBOLD.draw(g, line, MARGIN, y, SENTENCE_SIZE);
            y += 34;
        }
        List<FlagLine> flags = flagLines();
        if (!flags.isEmpty()) {
            drawFlags(y - 14);
            y += HEADING + flags.size() * FLAG_LINE;
        }
        if (scan != null) {
            drawMiddle(scan, y);
        }
        drawFooter(height);
    }

    /** The whole scan in three planes through its middle, each as large as its place allows. */
    private void drawMiddle(CtSeries series, double y) throws IOException {
        VolumeGeometry grid = series.geometry();
        Vec3 low = new Vec3(1e9, 1e9, 1e9);
        Vec3 high = low.times(-1);
        for (int corner = 0; corner < 8; corner++) {
            Vec3 p =
                    grid.toPatient(
                            (corner & 1) * (grid.columns() - 1),
                            (corner >> 1 & 1) * (grid.rows() - 1),
                            (corner >> 2) * (grid.slices() - 1));
            low =
                    new Vec3(
                            Math.min(low.x(), p.x()),
                            Math.min(low.y(), p.y()),
                            Math.min(low.z(), p.z()));
            high =
                    new Vec3(
                            Math.max(high.x(), p.x()),
                            Math.max(high.y(), p.y()),
                            Math.max(high.z(), p.z()));
        }
        Vec3 extent = high.minus(low);
        double largest = Math.max(extent.x(), Math.max(extent.y(), extent.z()));
        double spacing = Math.max(0.4, largest / 320);
        ScalarVolume hu =
                VoiReader.read(
                        series,
                        VolumeGeometry.axisAligned(
                                1 + (int) (extent.x() / spacing),
                                1 + (int) (extent.y() / spacing),
                                1 + (int) (extent.z() / spacing),
                                spacing,
                                low));
        Vec3 centre = low.plus(high).times(0.5);
        double width = (WIDTH - 2 * MARGIN - 2 * GAP) / 3.0;
        double x = MARGIN;
        Hanging[] hangings = {Hanging.AXIAL, Hanging.CORONAL, Hanging.SAGITTAL};
        String[] titles = {"Axial", "Coronal", "Sagittal"};
        // One scale for all three.
        double scale =
                Math.min(
                        Math.min(width / extent.x(), width / extent.y()),
                        Math.min(REFUSAL_PLANES / extent.y(), REFUSAL_PLANES / extent.z()));
        for (int i = 0; i < hangings.length; i++) {
            Rectangle2D place =
                    new Rectangle2D.Double(Math.rint(x), Math.rint(y), width, REFUSAL_PLANES);
            g.setColor(Color.BLACK);
            g.fill(place);
            PlanePicture plane = new PlanePicture(g, hangings[i], centre, scale, place);
            plane.drawCt(hu, PlanePicture.Window.BONE);
            plane.drawLabels(titles[i]);
            plane.drawScale();
            plane.dispose();
            x += width + GAP;
        }
    }
}
