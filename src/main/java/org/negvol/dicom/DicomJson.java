package org.negvol.dicom;

import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes data sets as JSON objects (PS3.18 annex F). Text is Unicode, whatever it was before. */
public final class DicomJson {

    /** Names where a value that is too long for JSON can be fetched. */
    @FunctionalInterface
    public interface BulkData {

        /** Values longer than this are left out of the JSON, bytes. */
        int MOST_INLINE_BYTES = 1024;

        /**
         * The URI of a value.
         *
         * @param path tag, then item (from 0) and tag for each level below, with slashes between:
         *     {@code 00660002/0/00660016}
         */
        String uri(String path);
    }

    private static final String UTF_8 = "ISO_IR 192";

    private final Appendable out;
    private final @Nullable BulkData bulk;

    private DicomJson(Appendable out, @Nullable BulkData bulk) {
        this.out = out;
        this.bulk = bulk;
    }

    /**
     * Writes a data set as one JSON object.
     *
     * @param bulk where long binary values can be had; null writes all of them inline, and leaves
     *     out pixel data in fragments, which have no inline form
     */
    public static void write(Attributes dataset, Appendable out, @Nullable BulkData bulk)
            throws IOException {
        new DicomJson(out, bulk).object(dataset, "");
    }

    /** Finds the value of a path that {@link BulkData#uri} was given; null if there is none. */
    public static byte @Nullable [] find(Attributes dataset, String path) {
        String[] steps = path.split("/", -1);
        Attributes at = dataset;
        try {
            for (int i = 0; i + 2 < steps.length; i += 2) {
                var items = at.getSequence(Integer.parseUnsignedInt(steps[i], 16));
                int item = Integer.parseInt(steps[i + 1]);
                if (item < 0 || item >= items.size()) {
                    return null;
                }
                at = items.get(item);
            }
            return steps.length % 2 == 0
                    ? null
                    : at.getBytes(Integer.parseUnsignedInt(steps[steps.length - 1], 16));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void object(Attributes ds, String path) throws IOException {
        out.append('{');
        boolean first = true;
        for (int tag : ds.tags()) {
            VR vr = ds.getVR(tag);
            if (vr == null || (tag & 0xFFFF) == 0 || tag >>> 16 == 2) {
                continue;
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            String name = "%08X".formatted(tag);
            out.append('"').append(name).append("\":{\"vr\":\"").append(vr.name()).append('"');
            value(ds, tag, vr, path + name);
            out.append('}');
        }
        out.append('}');
    }

    private void value(Attributes ds, int tag, VR vr, String path) throws IOException {
        if (ds.getFragments(tag) != null) {
            if (bulk != null) {
                uri(bulk, path);
            }
            return;
        }
        if (vr == VR.SQ) {
            var items = ds.getSequence(tag);
            if (!items.isEmpty()) {
                out.append(",\"Value\":[");
                for (int i = 0; i < items.size(); i++) {
                    if (i > 0) {
                        out.append(',');
                    }
                    object(items.get(i), path + "/" + i + "/");
                }
                out.append(']');
            }
            return;
        }
        if (vr.isArray() || vr == VR.UN) {
            byte[] bytes = ds.getBytes(tag);
            if (bytes != null && bytes.length > BulkData.MOST_INLINE_BYTES && bulk != null) {
                uri(bulk, path);
            } else if (bytes != null && bytes.length > 0) {
                out.append(",\"InlineBinary\":\"")
                        .append(Base64.getEncoder().encodeToString(bytes))
                        .append('"');
            }
            return;
        }
        String[] values =
                tag == Tag.SpecificCharacterSet ? new String[] {UTF_8} : ds.getStrings(tag);
        if (values.length == 0 || (values.length == 1 && values[0].isEmpty())) {
            return;
        }
        out.append(",\"Value\":[");
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            single(vr, values[i]);
        }
        out.append(']');
    }

    private void uri(BulkData known, String path) throws IOException {
        out.append(",\"BulkDataURI\":");
        string(known.uri(path));
    }

    private void single(VR vr, String value) throws IOException {
        switch (vr) {
            case PN -> person(value);
            case DS, IS, FL, FD, SL, SS, UL, US -> number(value);
            default -> {
                if (value.isEmpty()) {
                    out.append("null");
                } else {
                    string(value);
                }
            }
        }
    }

    /** What is no number is written as the text it is (F.2.3). */
    private void number(String value) throws IOException {
        String text = value.strip();
        if (text.isEmpty()) {
            out.append("null");
        } else if (text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
            out.append(text);
        } else {
            try {
                double d = Double.parseDouble(text);
                if (Double.isFinite(d)) {
                    out.append(
                            d == Math.rint(d) && Math.abs(d) < 1e15
                                    ? Long.toString((long) d)
                                    : Double.toString(d));
                    return;
                }
                string(text);
            } catch (NumberFormatException e) {
                string(text);
            }
        }
    }

    private void person(String value) throws IOException {
        String[] groups = value.split("=", 3);
        String[] names = {"Alphabetic", "Ideographic", "Phonetic"};
        out.append('{');
        boolean first = true;
        for (int g = 0; g < groups.length; g++) {
            if (!groups[g].isEmpty()) {
                if (!first) {
                    out.append(',');
                }
                first = false;
                out.append('"').append(names[g]).append("\":");
                string(groups[g]);
            }
        }
        out.append('}');
    }

    private void string(String s) throws IOException {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
