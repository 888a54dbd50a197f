package org.negvol.segmentation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.negvol.volume.Affine;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VolumeGeometry;

/**
 * What a network is, what it wants and what it gives: the JSON file next to its ONNX file.
 *
 * <p>The three axes of arrays ({@code orientation}, {@code spacingMm}, {@code size}) are in the
 * order of the tensor's last three dimensions, so that a manifest can be copied from a training
 * script: dimensions z, y, x of a grid along the patient's axes are {@code "SPL"}; MONAI's RAS is
 * {@code "RAS"}.
 *
 * @param task which network it can stand for
 * @param file the ONNX file, in the same folder
 * @param identity name, version, hash, licence, training data
 * @param intendedUse what results may be used for
 * @param input name of the ONNX input: float32 [1, 1, size]
 * @param spacingMm distance of voxels along each of the tensor's axes
 * @param size voxels along each of the tensor's axes
 * @param orientation for each axis the patient's direction in which its index grows: one of L, R,
 *     P, A, S, I
 * @param normalisation HU to what the network wants
 * @param mirrorLeft whether the network knows right joints only, so that left ones are mirrored
 * @param overlap share of a window that its neighbour sees too; 0 for a network that sees the whole
 *     of what it needs at once
 * @param output name of the ONNX output: float32 [1, classes, size]
 * @param activation what makes probabilities of the output
 * @param classes what each of the output's channels stands for
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record ModelManifest(
        Task task,
        String file,
        ModelIdentity identity,
        String intendedUse,
        String input,
        double[] spacingMm,
        int[] size,
        String orientation,
        Normalisation normalisation,
        boolean mirrorLeft,
        double overlap,
        String output,
        Activation activation,
        List<Meaning> classes) {

    /** The format that this class reads. */
    static final int FORMAT = 1;

    /** Which of the two networks a model can stand for. */
    enum Task {
        LOCALIZER,
        JOINT;

        /** What the network must be able to say. */
        Set<Meaning> needed() {
            return switch (this) {
                case LOCALIZER ->
                        EnumSet.of(
                                Meaning.LEFT_MANDIBLE,
                                Meaning.RIGHT_MANDIBLE,
                                Meaning.LEFT_SKULL,
                                Meaning.RIGHT_SKULL);
                case JOINT -> EnumSet.of(Meaning.MANDIBLE, Meaning.SKULL);
            };
        }

        String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    enum Activation {
        SOFTMAX,
        SIGMOID,
        /** The output holds probabilities already. */
        NONE
    }

    /** {@code x = (clip(hu, low, high) - subtract) / divide}. */
    record Normalisation(double low, double high, double subtract, double divide) {
        float apply(float hu) {
            return (float) ((Math.clamp(hu, low, high) - subtract) / divide);
        }
    }

    /**
     * @param source the manifest's path or name, for messages
     * @throws UnfitModelException if it is no manifest, with the reason
     */
    static ModelManifest parse(String json, String source) {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new UnfitModelException(
                    "%s is no JSON: %s".formatted(source, e.getOriginalMessage()), e);
        }
        Reader r = new Reader(source, "", root);
        r.only(
                "format",
                "task",
                "file",
                "name",
                "version",
                "sha256",
                "licence",
                "trainedOn",
                "intendedUse",
                "input",
                "window",
                "output");
        if (r.number("format") != FORMAT) {
            throw r.wrong("format must be " + FORMAT + ", got " + r.at("format"));
        }
        Reader in = r.object("input");
        in.only("name", "spacingMm", "size", "orientation", "normalisation", "mirrorLeft");
        Reader out = r.object("output");
        out.only("name", "activation", "classes");
        Reader norm = in.object("normalisation");
        norm.only("clip", "subtract", "divide");
        double[] clip = norm.numbers("clip", 2);
        double divide = norm.number("divide");
        if (!(clip[0] < clip[1] && divide > 0)) {
            throw norm.wrong("clip must ascend and divide must be positive, got " + norm.node);
        }
        Task task = r.oneOf("task", Task.class);
        ModelManifest m =
                new ModelManifest(
                        task,
                        r.text("file"),
                        new ModelIdentity(
                                r.text("name"),
                                r.text("version"),
                                r.text("sha256").toLowerCase(Locale.ROOT),
                                r.text("licence"),
                                r.text("trainedOn")),
                        r.text("intendedUse"),
                        in.text("name"),
                        in.numbers("spacingMm", 3),
                        Arrays.stream(in.numbers("size", 3)).mapToInt(d -> (int) d).toArray(),
                        in.text("orientation"),
                        new Normalisation(clip[0], clip[1], norm.number("subtract"), divide),
                        in.flag("mirrorLeft"),
                        overlap(r),
                        out.text("name"),
                        out.oneOf("activation", Activation.class),
                        classes(out));
        m.check(r);
        return m;
    }

    private static double overlap(Reader r) {
        JsonNode window = r.at("window");
        if (window.asText().equals("whole")) {
            return 0;
        }
        if (!window.isObject()) {
            throw r.wrong("window must be \"whole\" or {\"overlap\": 0.1 to 0.9}, got " + window);
        }
        Reader w = r.object("window");
        w.only("overlap");
        double overlap = w.number("overlap");
        if (!(overlap >= 0.1 && overlap <= 0.9)) {
            throw w.wrong("overlap must be 0.1 to 0.9, got " + overlap);
        }
        return overlap;
    }

    private static List<Meaning> classes(Reader out) {
        List<Meaning> classes = new ArrayList<>();
        for (JsonNode node : out.array("classes")) {
            Meaning m = Meaning.read(node.asText());
            if (m == null) {
                List<String> known = Arrays.stream(Meaning.values()).map(Meaning::written).toList();
                throw out.wrong("class %s is none of %s".formatted(node, known));
            }
            classes.add(m);
        }
        return List.copyOf(classes);
    }

    private void check(Reader r) {
        if (!identity.sha256().matches("[0-9a-f]{64}")) {
            throw r.wrong("sha256 must be 64 hexadecimal digits, got " + identity.sha256());
        }
        if (file.contains("/") || file.contains("\\")) {
            throw r.wrong("file must be a name in the same folder, got " + file);
        }
        for (int axis = 0; axis < 3; axis++) {
            if (!(spacingMm[axis] >= 0.1 && spacingMm[axis] <= 5)) {
                throw r.wrong("spacingMm must be 0.1 to 5, got " + Arrays.toString(spacingMm));
            }
            if (size[axis] < 8 || size[axis] > 512) {
                throw r.wrong("size must be 8 to 512 voxels, got " + Arrays.toString(size));
            }
        }
        if (axisOf('L') < 0 || axisOf('P') < 0 || axisOf('S') < 0 || orientation.length() != 3) {
            throw r.wrong(
                    "orientation must have one letter each of L or R, P or A, S or I, got "
                            + orientation);
        }
        for (Meaning needed : task.needed()) {
            if (!classes.contains(needed)) {
                throw r.wrong(
                        "a %s needs a class %s, the manifest has %s"
                                .formatted(task.written(), needed.written(), classes));
            }
        }
        Vec3 window = windowMm();
        if (task == Task.JOINT
                && overlap == 0
                && (window.x() < VoiGrid.EXTENT_MM.x() - 0.01
                        || window.y() < VoiGrid.EXTENT_MM.y() - 0.01
                        || window.z() < VoiGrid.EXTENT_MM.z() - 0.01)) {
            throw r.wrong(
                    String.format(
                            Locale.ROOT,
                            "the network sees %.1f × %.1f × %.1f mm at once and a joint needs"
                                    + " %.1f × %.1f × %.1f mm: window must be {\"overlap\": …}",
                            window.x(),
                            window.y(),
                            window.z(),
                            VoiGrid.EXTENT_MM.x(),
                            VoiGrid.EXTENT_MM.y(),
                            VoiGrid.EXTENT_MM.z()));
        }
        if (mirrorLeft && task == Task.LOCALIZER) {
            throw r.wrong("a localizer sees both sides at once: mirrorLeft must be false");
        }
    }

    private static final String OPPOSITES = "LRPASI";

    private static char opposite(char direction) {
        return OPPOSITES.charAt(OPPOSITES.indexOf(direction) ^ 1);
    }

    /** The tensor's axis that runs along a direction or against it; -1 if none does. */
    private int axisOf(char direction) {
        return Math.max(orientation.indexOf(direction), orientation.indexOf(opposite(direction)));
    }

    /**
     * The network's grid over a box of the patient: its spacing and orientation, at least one
     * window large.
     *
     * @param centreMm centre of the box, LPS mm
     * @param extentMm size of the box along the patient's axes, mm
     * @param mirrored whether left and right change places
     */
    VolumeGeometry grid(Vec3 centreMm, Vec3 extentMm, boolean mirrored) {
        int[] voxels = new int[3];
        Vec3[] step = new Vec3[3];
        double[] extent = {extentMm.x(), extentMm.y(), extentMm.z()};
        String axes = "LPS";
        for (int patientAxis = 0; patientAxis < 3; patientAxis++) {
            int axis = axisOf(axes.charAt(patientAxis));
            boolean along = orientation.charAt(axis) == axes.charAt(patientAxis);
            boolean flip = mirrored && patientAxis == 0;
            double d = along != flip ? spacingMm[axis] : -spacingMm[axis];
            step[axis] =
                    switch (patientAxis) {
                        case 0 -> new Vec3(d, 0, 0);
                        case 1 -> new Vec3(0, d, 0);
                        default -> new Vec3(0, 0, d);
                    };
            // A hair less: 96 voxels of 0.4 mm are 38.4 mm whatever the rounding.
            int covering = (int) Math.ceil(extent[patientAxis] / spacingMm[axis] - 1e-3);
            voxels[axis] = Math.max(size[axis], covering);
        }
        Vec3 half = Vec3.ZERO;
        for (int axis = 0; axis < 3; axis++) {
            half = half.plus(step[axis].times((voxels[axis] - 1) / 2.0));
        }
        return new VolumeGeometry(
                voxels[2],
                voxels[1],
                voxels[0],
                Affine.ofColumns(step[2], step[1], step[0], centreMm.minus(half)));
    }

    /** How much of the patient one window shows, along the patient's axes, mm. */
    Vec3 windowMm() {
        int x = axisOf('L');
        int y = axisOf('P');
        int z = axisOf('S');
        return new Vec3(size[x] * spacingMm[x], size[y] * spacingMm[y], size[z] * spacingMm[z]);
    }

    /** One object of the manifest; its errors name the file and the field. */
    private record Reader(String source, String path, JsonNode node) {

        Reader {
            if (!node.isObject()) {
                throw new UnfitModelException(
                        "%s: %s must be an object, got %s"
                                .formatted(source, path.isEmpty() ? "the manifest" : path, node));
            }
        }

        UnfitModelException wrong(String what) {
            return new UnfitModelException(
                    "%s: %s%s".formatted(source, path.isEmpty() ? "" : path + ": ", what));
        }

        void only(String... known) {
            List<String> fields = Arrays.asList(known);
            node.fieldNames()
                    .forEachRemaining(
                            f -> {
                                if (!fields.contains(f)) {
                                    throw wrong(
                                            "unknown field %s; known are %s".formatted(f, fields));
                                }
                            });
        }

        JsonNode at(String field) {
            JsonNode value = node.get(field);
            if (value == null || value.isNull()) {
                throw wrong(field + " is missing");
            }
            return value;
        }

        Reader object(String field) {
            return new Reader(source, path.isEmpty() ? field : path + "." + field, at(field));
        }

        JsonNode array(String field) {
            JsonNode value = at(field);
            if (!value.isArray() || value.isEmpty()) {
                throw wrong(field + " must be a list, got " + value);
            }
            return value;
        }

        String text(String field) {
            JsonNode value = at(field);
            if (!value.isTextual() || value.asText().isBlank()) {
                throw wrong(field + " must be a text, got " + value);
            }
            return value.asText();
        }

        boolean flag(String field) {
            JsonNode value = at(field);
            if (!value.isBoolean()) {
                throw wrong(field + " must be true or false, got " + value);
            }
            return value.asBoolean();
        }

        double number(String field) {
            JsonNode value = at(field);
            if (!value.isNumber()) {
                throw wrong(field + " must be a number, got " + value);
            }
            return value.asDouble();
        }

        double[] numbers(String field, int count) {
            JsonNode value = array(field);
            double[] numbers = new double[value.size()];
            for (int i = 0; i < numbers.length; i++) {
                if (!value.get(i).isNumber()) {
                    throw wrong(field + " must be numbers, got " + value);
                }
                numbers[i] = value.get(i).asDouble();
            }
            if (numbers.length != count) {
                throw wrong("%s must be %d numbers, got %s".formatted(field, count, value));
            }
            return numbers;
        }

        <E extends Enum<E>> E oneOf(String field, Class<E> type) {
            String text = text(field);
            List<String> known = new ArrayList<>();
            for (E e : type.getEnumConstants()) {
                String name = e.name().toLowerCase(Locale.ROOT);
                if (name.equals(text)) {
                    return e;
                }
                known.add(name);
            }
            throw wrong("%s must be one of %s, got %s".formatted(field, known, text));
        }
    }
}
