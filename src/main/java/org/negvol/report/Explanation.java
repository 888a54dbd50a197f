package org.negvol.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.negvol.measure.JointMeasures;
import org.negvol.measure.Measure;
import org.negvol.measure.MirroredOverlay;
import org.negvol.measure.QualityFlag;
import org.negvol.measure.Symmetry;
import org.negvol.segmentation.NetworkView;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/**
 * What the method did with a scan, stage by stage, as pictures with captions on one page ({@value
 * #PAGE}), for a person who wants to see where a number comes from. Names no patient.
 */
public final class Explanation {

    /** The page that shows all pictures. */
    public static final String PAGE = "index.html";

    /** Differences of the sides are coloured up to here, mm. */
    private static final double DIFFERENCE_TO_MM = 2;

    private static final String STYLE =
            """
            :root { color-scheme: dark light; }
            body { margin: 0 auto; max-width: 1360px; padding: 2rem 1.5rem 4rem;
              font: 16px/1.55 system-ui, sans-serif; background: #0e1217; color: #e9eef3; }
            h1 { font-size: 1.7rem; margin: 0 0 .3rem; }
            h2 { font-size: 1.35rem; margin: 3rem 0 .5rem; border-top: 1px solid #2b343e;
              padding-top: 1.2rem; }
            figure { margin: 1.6rem 0 2.4rem; }
            figure img { display: block; width: 100%; height: auto; border-radius: 4px; }
            figcaption { max-width: 62rem; margin-top: .6rem; color: #c3cdd7; }
            figcaption b { color: #fff; }
            .key span { display: inline-block; margin-right: 1.2rem; }
            .key i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px;
              margin-right: .35rem; }
            """;

    private final Path folder;
    private final StudyResult result;
    private final StringBuilder page = new StringBuilder();

    private Explanation(Path folder, StudyResult result) {
        this.folder = folder;
        this.result = result;
    }

    /**
     * Writes pictures and page into a folder, which is made if it is not there.
     *
     * @param networks what the network said of each joint that was measured
     * @throws IOException if a file cannot be written
     */
    public static void write(Path folder, StudyResult result, Map<Side, NetworkView> networks)
            throws IOException {
        Files.createDirectories(folder);
        new Explanation(folder, result).write(networks);
    }

    private void write(Map<Side, NetworkView> networks) throws IOException {
        page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n")
                .append("<title>How the negative volume was measured</title>\n<style>\n")
                .append(STYLE)
                .append(
                        "</style>\n</head>\n<body>\n<h1>How the negative volume was measured</h1>\n");
        paragraph(sentence(result.outcome()));
        page.append("<p class=\"key\">");
        for (SegmentColour colour : SegmentColour.values()) {
            page.append(
                    "<span><i style=\"background:#%06X\"></i>%s</span>"
                            .formatted(
                                    colour.rgb(),
                                    colour.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        }
        page.append("</p>\n");
        for (Side side : List.of(Side.RIGHT, Side.LEFT)) {
            Optional<JointResult> joint = result.joint(side);
            NetworkView network = networks.get(side);
            title(side == Side.LEFT ? "Left joint" : "Right joint");
            if (joint.isPresent() && network != null) {
                joint(joint.get(), network);
            } else {
                paragraph(
                        result.flags().stream()
                                .filter(f -> f.side() == null || f.side() == side)
                                .map(QualityFlag::sentence)
                                .findFirst()
                                .orElse("This joint was not measured."));
            }
        }
        symmetry();
        page.append("</body>\n</html>\n");
        Files.writeString(folder.resolve(PAGE), page);
    }

    private static String sentence(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done d -> d.sentence();
            case Outcome.Degraded d -> d.sentence();
            case Outcome.NotApplicable n -> n.sentence();
            case Outcome.Failed f -> f.sentence();
        };
    }

    private void joint(JointResult joint, NetworkView network) throws IOException {
        String name = joint.side().name().toLowerCase(Locale.ROOT);
        JointExplanation e = new JointExplanation(joint, network);
        JointSurfaces s = joint.surfaces();
        NegativeVolumeParameters p = s.parameters();
        JointMeasures m = joint.measures();
        figure(
                name + "-1-network",
                e.network(),
                "1. What the network sees.",
                "Above: how probable mandible and skull are at each place. Below: the owner of each"
                        + " voxel after small pieces were dropped and marrow was filled. Mean"
                        + " probability of the winner over both bones: %.0f %%.",
                100 * joint.segmented().confidence());
        figure(
                name + "-2-surfaces",
                e.refined(),
                "2. Where the bones end.",
                "The network says which bone; the CT says where its surface is, between the voxels."
                        + " The CT itself showed the surface over %.0f %% of the border.",
                100 * joint.segmented().clearShare());
        figure(
                name + "-3-neck",
                e.neck(),
                "3. The condyle and its neck's cut.",
                "The axis (white) is the direction across which the neck is narrowest. The plane"
                        + " square to it ends the condyle: rule %s, here %.1f mm below the top.",
                p.neckCut().name(),
                depth(s));
        figure(
                name + "-4-mouth",
                e.mouth(),
                "4. The fossa's mouth.",
                "A taut skin (dashed; glass in the scene) over all temporal bone within %.1f mm of"
                        + " the condyle. Outside of it nothing is counted.",
                p.rimWithinMm());
        figure(
                name + "-5-inflation",
                e.inflation(),
                "5. Inflation.",
                "The condyle's surface after every millimetre of way. A place stops at bone or after"
                        + " %.1f mm.",
                p.reachMm());
        figure(
                name + "-6-negative-volume",
                e.negative(),
                "6. The negative volume.",
                "Inside the inflated surface, inside the mouth, above the neck's cut, in neither"
                        + " bone: %.0f mm³, surface %.0f mm². %s",
                m.value(Measure.NEGATIVE_VOLUME).orElse(Double.NaN),
                s.negativeAreaMm2(),
                e.shares());
        if (m.jointSpace() != null) {
            figure(
                    name + "-7-joint-space",
                    e.map(),
                    "7. The joint space over the condyle.",
                    "Distance to the temporal bone at each place of the condyle; grey where it does"
                            + " not face the fossa. Mean %.2f mm, narrowest %.2f mm.",
                    m.value(Measure.JOINT_SPACE_MEAN).orElse(Double.NaN),
                    m.value(Measure.JOINT_SPACE_MIN).orElse(Double.NaN));
        }
        List<String> flags = new ArrayList<>();
        m.flags().forEach(f -> flags.add(f.sentence()));
        flags.forEach(this::paragraph);
    }

    /** How far below the condyle's top its cut lies, mm. */
    private static double depth(JointSurfaces s) {
        double top = 0;
        for (int v = 0; v < s.condyle().vertexCount(); v++) {
            top = Math.max(top, s.condyle().vertex(v).minus(s.neckCutPoint()).dot(s.condyleAxis()));
        }
        return top;
    }

    private void symmetry() throws IOException {
        Optional<JointResult> left = result.joint(Side.LEFT);
        Optional<JointResult> right = result.joint(Side.RIGHT);
        if (left.isEmpty() || right.isEmpty() || result.symmetry() == null) {
            return;
        }
        JointSurfaces l = left.get().surfaces();
        MirroredOverlay overlay =
                Symmetry.overlay(
                        l, left.get().measures(), right.get().surfaces(), right.get().measures());
        if (overlay == null) {
            return;
        }
        title("Left against right");
        PictureSheet sheet = new PictureSheet(1, 430, 420, 420, 420, 90);
        Vec3 centre = l.condyleAxis().times(8).plus(l.neckCutPoint());
        ScenePicture.Camera camera =
                new ScenePicture.Camera(centre, new Vec3(1, -0.7, 0.6), new Vec3(0, 0, 1), 30);
        sheet.scene(
                0,
                0,
                camera,
                List.of(
                        ScenePicture.Layer.of(l.negativeVolume(), SegmentColour.NEGATIVE_VOLUME, 1),
                        ScenePicture.Layer.of(overlay.right(), SegmentColour.TEMPORAL_BONE, 0.45)),
                "Left; mirrored right as glass");
        sheet.scene(0, 1, camera, List.of(coloured(l.negativeVolume(), overlay.leftMm())), "Left");
        sheet.scene(
                0,
                2,
                camera,
                List.of(coloured(overlay.right(), overlay.rightMm())),
                "Right, mirrored");
        sheet.colourBar(0, 3, DIFFERENCE_TO_MM, "%.1f", true);
        figure(
                "symmetry",
                sheet.image(),
                "8. Both sides in one place.",
                "The right negative volume is mirrored and moved onto the left one as a whole."
                        + " Colours: how far each place is from the other surface (from %.0f mm on"
                        + " the last colour). S_LR %.3f, H_LR %.2f mm, 95 %% of the surfaces are"
                        + " within %.2f mm.",
                DIFFERENCE_TO_MM,
                result.symmetry().value(Measure.SYMMETRY_RATIO).orElse(Double.NaN),
                result.symmetry().value(Measure.HAUSDORFF_DISTANCE).orElse(Double.NaN),
                result.symmetry().value(Measure.HAUSDORFF_95).orElse(Double.NaN));
    }

    private static ScenePicture.Layer coloured(TriangleMesh mesh, float[] mm) {
        int[] colours = new int[mm.length];
        for (int v = 0; v < mm.length; v++) {
            // Bright is where the sides differ.
            colours[v] = ColourScale.rgb(1 - mm[v] / DIFFERENCE_TO_MM);
        }
        return new ScenePicture.Layer(mesh, ScenePicture.BONE, colours, 1);
    }

    private void figure(
            String name, BufferedImage image, String title, String caption, Object... values)
            throws IOException {
        String file = name + ".png";
        ImageIO.write(image, "png", folder.resolve(file).toFile());
        String text = String.format(Locale.ROOT, caption, values);
        page.append("<figure>\n<img src=\"%s\" alt=\"%s\">\n".formatted(file, escaped(title)))
                .append(
                        "<figcaption><b>%s</b> %s</figcaption>\n</figure>\n"
                                .formatted(escaped(title), escaped(text)));
    }

    private void title(String text) {
        page.append("<h2>").append(escaped(text)).append("</h2>\n");
    }

    private void paragraph(String text) {
        page.append("<p>").append(escaped(text)).append("</p>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
