package org.negvol.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the media types of an Accept or Content-Type header (RFC 9110 12.5.1), with the parameters
 * that DICOM adds (PS3.18 8.7.3).
 *
 * @param type {@code application/dicom}; in lower case
 * @param parameters by their names in lower case, without quotes
 */
record MediaRange(String type, Map<String, String> parameters) {

    static final String DICOM = "application/dicom";
    static final String DICOM_JSON = "application/dicom+json";
    static final String OCTETS = "application/octet-stream";
    static final String RELATED = "multipart/related";

    MediaRange {
        parameters = Map.copyOf(parameters);
    }

    /** The ranges of a header, the best liked first; everything if there is none. */
    static List<MediaRange> of(@Nullable String header) {
        List<MediaRange> all = new ArrayList<>();
        for (String part : split(header == null || header.isBlank() ? "*/*" : header, ',')) {
            if (!part.isBlank()) {
                all.add(one(part));
            }
        }
        all.removeIf(r -> r.quality() == 0);
        all.sort((a, b) -> Double.compare(b.quality(), a.quality()));
        return all;
    }

    static MediaRange one(String text) {
        List<String> parts = split(text, ';');
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : parts.subList(1, parts.size())) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                String value = parameter.substring(equals + 1).strip();
                if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
                    value = value.substring(1, value.length() - 1);
                }
                parameters.putIfAbsent(
                        parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT), value);
            }
        }
        return new MediaRange(parts.getFirst().strip().toLowerCase(Locale.ROOT), parameters);
    }

    private double quality() {
        try {
            return Double.parseDouble(parameters.getOrDefault("q", "1"));
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /** Whether a single body of this type is welcome. */
    boolean takes(String single) {
        return type.equals("*/*")
                || type.equals(single)
                || (type.endsWith("/*") && single.startsWith(type.substring(0, type.length() - 1)));
    }

    /** Whether several parts of this type in one body are welcome. */
    boolean takesParts(String part) {
        return type.equals("*/*")
                || (type.equals(RELATED)
                        && List.of(part, "*/*")
                                .contains(
                                        parameters
                                                .getOrDefault("type", part)
                                                .toLowerCase(Locale.ROOT)));
    }

    /** The transfer syntax that is asked for; {@code *} for any, null if it does not say. */
    @Nullable String transferSyntax() {
        return parameters.get("transfer-syntax");
    }

    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == at && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
