package org.negvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/**
 * Both joints of a head as somebody drew them, from a text file: one line a plane, {@code LEFT
 * condyle z=-549: x y; x y; …} for a closed line round the condyle in an axial plane, {@code LEFT
 * temporal-bone x=51: y z; y z; …} for the temporal bone's articular surface in a sagittal one; LPS
 * mm. A line {@code # series UID} names the CT series that they were drawn in, or one in the same
 * coordinates; other lines that begin with # are notes.
 *
 * @param seriesUids Series Instance UIDs of the series that the lines hold for
 */
record HandLabels(Set<String> seriesUids, Map<Side, Joint> joints) {

    /** Points are taken this near each other on the lines of the articular surface, mm. */
    private static final double STEP_MM = 0.5;

    private static final Pattern SERIES = Pattern.compile("# series ([0-9.]+)");
    private static final Pattern PLANE =
            Pattern.compile("(LEFT|RIGHT) (?:condyle z|temporal-bone (x))=([-0-9.]+): (.+)");

    /**
     * One joint.
     *
     * @param articularSurface points on the temporal bone's surface, LPS mm
     */
    record Joint(CondyleOutline condyle, List<Vec3> articularSurface) {}

    /**
     * @throws CommandProblem if the file is missing or says something else than expected
     */
    static HandLabels read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new CommandProblem(
                    "The labels cannot be read: %s.".formatted(CommandProblem.reason(e)), e);
        }
        Set<String> series = new HashSet<>();
        Map<Side, List<CondyleOutline.Plane>> planes = new EnumMap<>(Side.class);
        Map<Side, List<Vec3>> surfaces = new EnumMap<>(Side.class);
        for (int n = 0; n < lines.size(); n++) {
            String line = lines.get(n).strip();
            Matcher uid = SERIES.matcher(line);
            Matcher plane = PLANE.matcher(line);
            if (uid.matches()) {
                series.add(uid.group(1));
            } else if (plane.matches()) {
                Side side = Side.valueOf(plane.group(1));
                boolean sagittal = plane.group(2) != null;
                try {
                    double at = Double.parseDouble(plane.group(3));
                    List<Vec3> points = points(plane.group(4), at, sagittal);
                    if (sagittal) {
                        surfaces.computeIfAbsent(side, s -> new ArrayList<>())
                                .addAll(along(points));
                    } else {
                        planes.computeIfAbsent(side, s -> new ArrayList<>())
                                .add(new CondyleOutline.Plane(at, points));
                    }
                } catch (IllegalArgumentException e) {
                    throw new CommandProblem(
                            "Line %d of %s: %s.".formatted(n + 1, file, e.getMessage()), e);
                }
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                throw new CommandProblem(
                        "Line %d of %s is no plane of a label, such as \"LEFT condyle z=-549: x y; x y; x y\"."
                                .formatted(n + 1, file));
            }
        }
        if (series.isEmpty()) {
            throw new CommandProblem(
                    "%s does not say which series it labels: a line \"# series UID\" is needed."
                            .formatted(file));
        }
        Map<Side, Joint> joints = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            List<CondyleOutline.Plane> condyle = planes.getOrDefault(side, List.of());
            List<Vec3> surface = surfaces.getOrDefault(side, List.of());
            if (condyle.stream().mapToDouble(CondyleOutline.Plane::z).distinct().count() < 2
                    || surface.isEmpty()) {
                throw new CommandProblem(
                        "%s lacks the %s condyle in two planes or the surface of its temporal bone."
                                .formatted(file, side.name().toLowerCase(Locale.ROOT)));
            }
            joints.put(side, new Joint(new CondyleOutline(condyle), surface));
        }
        return new HandLabels(series, joints);
    }

    private static List<Vec3> points(String text, double at, boolean sagittal) {
        List<Vec3> points = new ArrayList<>();
        for (String pair : text.split(";", -1)) {
            String[] two = pair.strip().split(" ", -1);
            if (two.length != 2) {
                throw new IllegalArgumentException("two numbers a point are needed, got" + pair);
            }
            double u = Double.parseDouble(two[0]);
            double v = Double.parseDouble(two[1]);
            points.add(sagittal ? new Vec3(at, u, v) : new Vec3(u, v, at));
        }
        if (points.size() < 3) {
            throw new IllegalArgumentException("three points at least are needed");
        }
        return points;
    }

    private static List<Vec3> along(List<Vec3> line) {
        List<Vec3> points = new ArrayList<>();
        for (int c = 1; c < line.size(); c++) {
            Vec3 from = line.get(c - 1);
            Vec3 way = line.get(c).minus(from);
            int steps = (int) Math.max(1, Math.round(way.norm() / STEP_MM));
            for (int s = 0; s < steps; s++) {
                points.add(from.plus(way.times((double) s / steps)));
            }
        }
        return points;
    }
}
