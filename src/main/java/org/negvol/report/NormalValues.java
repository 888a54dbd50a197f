package org.negvol.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.negvol.measure.Measure;

/** What has been published of healthy joints; {@code normal-values.csv} is their one home. */
public final class NormalValues {

    /** The values that come with negvol. */
    public static final NormalValues PUBLISHED = load();

    private static final int FIELDS = 6;

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

        /** Method, cohort and citation in one line. */
        public String source() {
            return "%s, %s (%s)".formatted(citation, cohort, dimension);
        }
    }

    private final Map<Measure, Published> values;

    private NormalValues(Map<Measure, Published> values) {
        this.values = values;
    }

    /** The value of a measure; empty if nobody has published one for the method used here. */
    public Optional<Published> of(Measure measure) {
        return Optional.ofNullable(values.get(measure));
    }

    private static NormalValues load() {
        try (InputStream in = NormalValues.class.getResourceAsStream("normal-values.csv")) {
            if (in == null) {
                throw new IllegalStateException("normal-values.csv is missing beside this class");
            }
            return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file of values.
     *
     * @throws IllegalArgumentException if a line is not understood
     */
    static NormalValues read(BufferedReader lines) throws IOException {
        Map<Measure, Published> values = new EnumMap<>(Measure.class);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] field = line.strip().split("\\s*;\\s*", -1);
            if (field.length != FIELDS) {
                throw new IllegalArgumentException(
                        "%d fields and not %d: %s".formatted(field.length, FIELDS, line));
            }
            try {
                values.put(
                        Measure.valueOf(field[0]),
                        new Published(
                                Double.parseDouble(field[1]),
                                field[2].isEmpty()
                                        ? OptionalDouble.empty()
                                        : OptionalDouble.of(Double.parseDouble(field[2])),
                                field[3],
                                field[4],
                                field[5]));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("not understood: " + line, e);
            }
        }
        return new NormalValues(values);
    }
}
