package org.negvol.report;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.negvol.measure.JointFrame;
import org.negvol.measure.JointSpaceMap;
import org.negvol.report.PlanePicture.Hanging;
import org.negvol.segmentation.NetworkView;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.StageListener;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * The stages of one joint as pictures: what the network said, the surfaces, the neck's cut, the
 * fossa's mouth, the inflation, the negative volume and the joint-space map.
 *
 * <p>The stages between the fields and the negative volume are made once more for the pictures:
 * they come out as they did, since the method is deterministic.
 */
final class JointExplanation {

    private static final int[] PLANE_WIDTHS = {390, 390, 500};
    private static final int HEIGHT = 430;
    private static final double PX_PER_MM = 9.4;
    private static final int SCENE_WIDTH = 430;

    /** The surface is drawn after each so many millimetres of way. */
    private static final double SHOWN_EVERY_MM = 1;

    private static final Color MOUTH = new Color(0xFFE9A8);
    private static final Color AXIS = new Color(0xFFFFFF);
    private static final Color CUT = new Color(0x4DE3D0);
    private static final int MOUTH_RGB = 0xFFE9A8;
    private static final int CUT_RGB = 0x4DE3D0;
    private static final int AXIS_RGB = 0xFFFFFF;

    private final JointResult joint;
    private final JointSurfaces surfaces;
    private final NetworkView network;
    private final Stages stages = new Stages();
    private final Vec3 centre;
    private final Hanging coronal;
    private final Hanging sagittal;

    JointExplanation(JointResult joint, NetworkView network) {
        this.joint = joint;
        this.network = network;
        surfaces = joint.surfaces();
        VolumeGeometry voi = joint.segmented().hu().geometry();
        Vec3 middle =
                voi.toPatient(
                        (voi.columns() - 1) / 2.0,
                        (voi.rows() - 1) / 2.0,
                        (voi.slices() - 1) / 2.0);
        NegativeVolume.compute(
                joint.side(),
                joint.segmented().condyleMm(),
                joint.segmented().temporalMm(),
                middle,
                surfaces.parameters(),
                stages);
        JointFrame frame = joint.measures().frame();
        if (frame == null) {
            centre = middle;
            coronal = Hanging.CORONAL;
            sagittal = Hanging.SAGITTAL;
        } else {
            centre = frame.centre();
            Vec3 down = frame.superior().times(-1);
            coronal = new Hanging(frame.lateral().times(frame.lateral().x() < 0 ? -1 : 1), down);
            sagittal = new Hanging(frame.posterior(), down);
        }
    }

    /**
     * A surface on its way.
     *
     * @param wayMm how far a vertex can have come
     */
    private record Inflated(double wayMm, TriangleMesh mesh) {}

    private static final class Stages implements StageListener {
        private static final TriangleMesh NONE = new TriangleMesh(new double[0], new int[0]);

        private TriangleMesh mandible = NONE;
        private TriangleMesh mouth = NONE;
        private final List<Inflated> inflated = new ArrayList<>();

        @Override
        public void mandible(TriangleMesh mesh) {
            mandible = mesh;
        }

        @Override
        public void start(TriangleMesh mesh) {
            inflated.add(new Inflated(0, mesh));
        }

        @Override
        public void inflating(double wayMm, Supplier<TriangleMesh> mesh) {
            double next = inflated.getLast().wayMm() + SHOWN_EVERY_MM;
            if (wayMm > next - 1e-6) {
                inflated.add(new Inflated(wayMm, mesh.get()));
            }
        }

        @Override
        public void mouth(TriangleMesh hull) {
            mouth = hull;
        }
    }

    // Planes

    /** Axial, coronal and sagittal plane side by side, each drawn by the same hand. */
    private interface Hand {
        void draw(PlanePicture plane);
    }

    private void planes(PictureSheet sheet, int row, Hand hand) {
        Hanging[] hangings = {Hanging.AXIAL, coronal, sagittal};
        String[] titles = {"Axial", "Coronal oblique", "Sagittal oblique"};
        for (int i = 0; i < hangings.length; i++) {
            plane(sheet.panel(row, i), hangings[i], titles[i], sheet, hand);
        }
    }

    private void plane(
            Rectangle2D place, Hanging hanging, String title, PictureSheet sheet, Hand hand) {
        PlanePicture plane = new PlanePicture(sheet.graphics(), hanging, centre, PX_PER_MM, place);
        plane.drawCt(joint.segmented().hu(), PlanePicture.Window.BONE);
        hand.draw(plane);
        plane.drawLabels(title);
        plane.drawScale();
        plane.dispose();
    }

    /** Probabilities above, the owner of each voxel below. */
    BufferedImage network() {
        PictureSheet sheet = new PictureSheet(2, HEIGHT, PLANE_WIDTHS);
        planes(
                sheet,
                0,
                plane -> {
                    plane.drawTint(
                            network.temporal(),
                            SegmentColour.TEMPORAL_BONE.color(),
                            p -> 0.55 * p,
                            false);
                    plane.drawTint(
                            network.condyle(), SegmentColour.CONDYLE.color(), p -> 0.55 * p, false);
                });
        planes(
                sheet,
                1,
                plane -> {
                    owner(plane, 2, SegmentColour.TEMPORAL_BONE);
                    owner(plane, 1, SegmentColour.CONDYLE);
                });
        return sheet.image();
    }

    private void owner(PlanePicture plane, int label, SegmentColour colour) {
        plane.drawTint(
                network.owner(), colour.color(), v -> Math.rint(v) == label ? 0.45 : 0, true);
    }

    /** Both bones' sub-voxel surfaces over the CT. */
    BufferedImage refined() {
        PictureSheet sheet = new PictureSheet(1, HEIGHT, PLANE_WIDTHS);
        planes(
                sheet,
                0,
                plane -> {
                    plane.drawSection(surfaces.temporalBone(), SegmentColour.TEMPORAL_BONE, 0, 1.8);
                    plane.drawSection(stages.mandible, SegmentColour.CONDYLE, 0, 1.8);
                });
        return sheet.image();
    }

    /** The condyle's axis and the plane that ends it. */
    BufferedImage neck() {
        PictureSheet sheet =
                new PictureSheet(1, HEIGHT, SCENE_WIDTH, SCENE_WIDTH, PLANE_WIDTHS[2] - 80);
        Vec3 axis = surfaces.condyleAxis();
        Vec3 cut = surfaces.neckCutPoint();
        Vec3 above = cut.plus(axis.times(16));
        Vec3 below = cut.minus(axis.times(9));
        List<ScenePicture.Layer> layers =
                List.of(
                        ScenePicture.Layer.of(surfaces.condyle(), SegmentColour.CONDYLE, 1),
                        new ScenePicture.Layer(stages.mandible, ScenePicture.BONE, null, 0.3),
                        new ScenePicture.Layer(
                                SimpleShapes.rod(below, above, 0.35), AXIS_RGB, null, 1),
                        new ScenePicture.Layer(
                                SimpleShapes.rod(
                                        cut.minus(axis.times(0.12)),
                                        cut.plus(axis.times(0.12)),
                                        12),
                                CUT_RGB,
                                null,
                                0.5));
        double out = joint.side() == Side.LEFT ? 1 : -1;
        Vec3 target = cut.plus(axis.times(2));
        sheet.scene(0, 0, camera(target, new Vec3(out, -0.25, 0.25), 34), layers, "From the side");
        sheet.scene(
                0, 1, camera(target, new Vec3(0.25 * out, -1, 0.25), 34), layers, "From the front");
        plane(
                sheet.panel(0, 2),
                sagittal,
                "Sagittal oblique",
                sheet,
                plane -> {
                    plane.drawSection(stages.mandible, SegmentColour.CONDYLE, 0, 1.2);
                    plane.drawSection(surfaces.condyle(), SegmentColour.CONDYLE, 70, 2.2);
                    plane.drawLine(below, above, AXIS, 1.6);
                    Vec3 across = axis.cross(sagittal.right().cross(sagittal.down())).normalised();
                    plane.drawLine(
                            cut.minus(across.times(12)), cut.plus(across.times(12)), CUT, 2.2);
                });
        return sheet.image();
    }

    /** The taut skin over the fossa's rim. */
    BufferedImage mouth() {
        PictureSheet sheet =
                new PictureSheet(1, HEIGHT, SCENE_WIDTH, PLANE_WIDTHS[1], PLANE_WIDTHS[2]);
        List<ScenePicture.Layer> layers =
                List.of(
                        ScenePicture.Layer.of(
                                surfaces.temporalBone(), SegmentColour.TEMPORAL_BONE, 1),
                        new ScenePicture.Layer(stages.mouth, MOUTH_RGB, null, 0.4));
        double out = joint.side() == Side.LEFT ? 1 : -1;
        sheet.scene(
                0,
                0,
                new ScenePicture.Camera(
                        centre.plus(new Vec3(0, 0, 3)),
                        new Vec3(out, -0.5, -0.55),
                        new Vec3(0, 0, 1),
                        48),
                layers,
                "From the side, front and below");
        Hand hand =
                plane -> {
                    plane.drawSection(
                            surfaces.temporalBone(), SegmentColour.TEMPORAL_BONE, 40, 1.8);
                    plane.drawSection(surfaces.condyle(), SegmentColour.CONDYLE, 0, 1.4);
                    plane.drawOutline(stages.mouth, MOUTH, 2, true);
                };
        plane(sheet.panel(0, 1), coronal, "Coronal oblique", sheet, hand);
        plane(sheet.panel(0, 2), sagittal, "Sagittal oblique", sheet, hand);
        return sheet.image();
    }

    /** The condyle's surface after each millimetre. */
    BufferedImage inflation() {
        PictureSheet sheet = new PictureSheet(1, HEIGHT, PLANE_WIDTHS[2], PLANE_WIDTHS[2], 90);
        double reach = surfaces.parameters().reachMm();
        Hand hand =
                plane -> {
                    plane.drawSection(
                            surfaces.temporalBone(), SegmentColour.TEMPORAL_BONE, 40, 1.6);
                    for (Inflated i : stages.inflated) {
                        plane.drawOutline(
                                i.mesh(),
                                new Color(ColourScale.rgb(i.wayMm() / reach)),
                                1.7,
                                false);
                    }
                };
        plane(sheet.panel(0, 0), coronal, "Coronal oblique", sheet, hand);
        plane(sheet.panel(0, 1), sagittal, "Sagittal oblique", sheet, hand);
        sheet.colourBar(0, 2, reach, "%.0f", false);
        return sheet.image();
    }

    /** What is left of the inflated surface's inside. */
    BufferedImage negative() {
        PictureSheet sheet = new PictureSheet(2, HEIGHT, PLANE_WIDTHS);
        planes(
                sheet,
                0,
                plane -> {
                    plane.drawSection(surfaces.temporalBone(), SegmentColour.TEMPORAL_BONE, 0, 1.4);
                    plane.drawSection(
                            surfaces.negativeVolume(), SegmentColour.NEGATIVE_VOLUME, 90, 2);
                    plane.drawSection(surfaces.condyle(), SegmentColour.CONDYLE, 0, 1.8);
                });
        double out = joint.side() == Side.LEFT ? 1 : -1;
        List<ScenePicture.Layer> layers =
                List.of(
                        ScenePicture.Layer.of(surfaces.condyle(), SegmentColour.CONDYLE, 1),
                        ScenePicture.Layer.of(
                                surfaces.negativeVolume(), SegmentColour.NEGATIVE_VOLUME, 0.5));
        Vec3 target = centre.plus(new Vec3(0, 0, 1));
        sheet.scene(1, 0, camera(target, new Vec3(out, -0.3, 0.2), 38), layers, "From the side");
        sheet.scene(
                1, 1, camera(target, new Vec3(0.2 * out, -1, 0.2), 38), layers, "From the front");
        List<ScenePicture.Layer> roofed = new ArrayList<>(layers);
        roofed.add(ScenePicture.Layer.of(surfaces.temporalBone(), SegmentColour.TEMPORAL_BONE, 1));
        sheet.scene(
                1,
                2,
                camera(target, new Vec3(out, -0.5, -0.42), 42),
                roofed,
                "Under the temporal bone");
        return sheet.image();
    }

    /** How far the temporal bone is from each place of the condyle. */
    BufferedImage map() {
        PictureSheet sheet = new PictureSheet(1, HEIGHT, SCENE_WIDTH, SCENE_WIDTH, SCENE_WIDTH, 90);
        JointSpaceMap map = joint.measures().jointSpace();
        TriangleMesh condyle = surfaces.condyle();
        int[] colours = new int[condyle.vertexCount()];
        for (int v = 0; v < colours.length; v++) {
            float mm = map == null ? Float.NaN : map.distanceMm()[v];
            colours[v] =
                    Float.isNaN(mm)
                            ? PictureSheet.OPEN_RGB
                            : ColourScale.rgb(mm / ResultPicture.MAP_TO_MM);
        }
        List<ScenePicture.Layer> layers =
                List.of(new ScenePicture.Layer(condyle, ScenePicture.BONE, colours, 1));
        double out = joint.side() == Side.LEFT ? 1 : -1;
        sheet.scene(
                0,
                0,
                new ScenePicture.Camera(centre, new Vec3(0, -0.3, 1), new Vec3(0, -1, 0), 25),
                layers,
                "From above, front up");
        sheet.scene(0, 1, camera(centre, new Vec3(out, -0.9, 0.5), 25), layers, "Front and side");
        sheet.scene(0, 2, camera(centre, new Vec3(-out, 0.9, 0.5), 25), layers, "Back and middle");
        sheet.colourBar(0, 3, ResultPicture.MAP_TO_MM, "%.0f", false);
        sheet.openPatch(0, 3);
        return sheet.image();
    }

    private static ScenePicture.Camera camera(Vec3 target, Vec3 toViewer, double heightMm) {
        return new ScenePicture.Camera(target, toViewer, new Vec3(0, 0, 1), heightMm);
    }

    /** What ended the inflated surface, in words. */
    String shares() {
        return String.format(
                Locale.ROOT,
                "Bone ends %.0f %% of the outer surface, the reach %.0f %%, the mouth %.0f %%,"
                        + " the field of view %.0f %%.",
                100 * surfaces.contactShare(),
                100 * surfaces.reachShare(),
                100 * surfaces.mouthShare(),
                100 * surfaces.fieldOfViewShare());
    }
}
