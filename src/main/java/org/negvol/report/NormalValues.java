package org.negvol.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.negvol.measure.Measure;

/**
 * What has been published of healthy joints: {@code normal-values.csv} comes with negvol, and a
 * clinic may have a file of its own in the same form.
 */
public final class NormalValues {

    private static final String EMBEDDED = "normal-values.csv";
    private static final int FIELDS = 7;
    private static final Set<String> DIMENSIONS = Set.of("2-D", "3-D");

    /** The values that come with negvol. */
    public static final NormalValues PUBLISHED = embedded();

    /**
     * A published value.
     *
     * @param mean in the measure's unit
     * @param sd standard deviation, empty where only the mean was published
     * @param dimension whether taken in a slice, {@code 2-D}, or on surfaces, {@code 3-D}
     * @param cohort in whom
     * @param citation where published
     */
    public record Published(
            double mean, OptionalDouble sd, String dimension, String cohort, String citation) {

        public Published {
            if (!Double.isFinite(mean)) {
                throw new IllegalArgumentException("the mean is no number");
            }
            if (sd.isPresent() && !(sd.getAsDouble() >= 0 && Double.isFinite(sd.getAsDouble()))) {
                throw new IllegalArgumentException("the standard deviation is below zero");
            }
            if (!DIMENSIONS.contains(dimension)) {
                throw new IllegalArgumentException(
                        "the dimension is \"%s\"; it can be 2-D or 3-D".formatted(dimension));
            }
            if (cohort.isBlank() || citation.isBlank()) {
                throw new IllegalArgumentException("it does not say in whom or where published");
            }
        }

        /** Method, cohort and citation in one line. */
        public String source() {
            return "%s, %s (%s)".formatted(citation, cohort, dimension);
        }
    }

    private final String version;
    private final Map<Measure, Published> values;

    private NormalValues(String version, Map<Measure, Published> values) {
        this.version = version;
        this.values = values;
    }

    /** Which version of which values: the file says it. */
    public String version() {
        return version;
    }

    /** The value of a measure; empty if nobody has published one for the method used here. */
    public Optional<Published> of(Measure measure) {
        return Optional.ofNullable(values.get(measure));
    }

    /** What tells these values apart from those that come with negvol; empty for those. */
    String variant() {
        String content = version + values;
        return content.equals(PUBLISHED.version + PUBLISHED.values)
                ? ""
                : " normal values " + content;
    }

    private static NormalValues embedded() {
        try (InputStream in = NormalValues.class.getResourceAsStream(EMBEDDED)) {
            if (in == null) {
                throw new IllegalStateException(EMBEDDED + " is missing beside this class");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file of values.
     *
     * @throws IllegalArgumentException if a line is not understood; the message names it
     * @throws IOException if the file cannot be read
     */
    public static NormalValues read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    static NormalValues parse(String text) {
        String version = "";
        Map<Measure, Published> values = new EnumMap<>(Measure.class);
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                String[] field = line.strip().split("\\s*;\\s*", -1);
                if (version.isEmpty()) {
                    version = version(field);
                } else {
                    put(field, values);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "line %d: %s: %s".formatted(number, e.getMessage(), line.strip()), e);
            }
        }
        if (version.isEmpty()) {
            throw new IllegalArgumentException("there is no line \"version ; NAME\"");
        }
        return new NormalValues(version, values);
    }

    private static String version(String[] field) {
        if (field.length != 2 || !field[0].equals("version") || field[1].isEmpty()) {
            throw new IllegalArgumentException(
                    "the first line must be \"version ; NAME\" and is not");
        }
        return field[1];
    }

    private static void put(String[] field, Map<Measure, Published> values) {
        if (field.length != FIELDS) {
            throw new IllegalArgumentException(
                    "there are %d fields and not %d".formatted(field.length, FIELDS));
        }
        Measure measure;
        try {
            measure = Measure.valueOf(field[0]);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("there is no measure \"%s\"".formatted(field[0]), e);
        }
        if (!field[1].equals(measure.ucum())) {
            throw new IllegalArgumentException(
                    "the unit is \"%s\" and not %s".formatted(field[1], measure.ucum()));
        }
        Published value =
                new Published(
                        decimal(field[2]),
                        field[3].isEmpty()
                                ? OptionalDouble.empty()
                                : OptionalDouble.of(decimal(field[3])),
                        field[4],
                        field[5],
                        field[6]);
        if (values.put(measure, value) != null) {
            throw new IllegalArgumentException("the measure stands there twice");
        }
    }

    private static double decimal(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"%s\" is no number".formatted(text), e);
        }
    }
}
