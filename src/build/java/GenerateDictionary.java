import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Makes {@code Tag.java}, {@code UID.java} and the dictionary that is used at run time from the two
 * tables of PS3.6 in {@code src/main/dictionary}.
 *
 * <p>Run by the JDK's source launcher: {@code java GenerateDictionary.java TABLES OUT}. A file
 * whose content would not change is left alone, so that nothing is compiled again for it.
 */
final class GenerateDictionary {

    private static final String PACKAGE = "org/negvol/dicom/";

    private GenerateDictionary() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: TABLES OUT");
        }
        Path tables = Path.of(args[0]);
        Path out = Path.of(args[1]);
        List<String[]> elements = read(tables.resolve("elements.csv"), 6);
        List<String[]> uids = read(tables.resolve("uids.csv"), 5);
        write(out.resolve(PACKAGE + "Tag.java"), bytes(tags(elements)));
        write(out.resolve(PACKAGE + "UID.java"), bytes(uids(uids)));
        write(out.resolve(PACKAGE + "DictionaryTables.java"), bytes(tables(elements, uids)));
    }

    private static String tags(List<String[]> elements) {
        StringBuilder s =
                head("Tags of the data elements of PS3.6 and PS3.7 by their keywords.", "Tag");
        for (String[] e : elements) {
            if (isKeyword(e[3])) {
                String vr = e[1].equals("NONE") ? "" : " " + e[1] + " " + e[2];
                constant(
                        s,
                        "(" + e[0].substring(0, 4) + "," + e[0].substring(4) + ")" + vr,
                        e[4],
                        e[5]);
                s.append("    public static final int ").append(e[3]).append(" = 0x");
                s.append(e[0].replace('x', '0')).append(";\n");
            }
        }
        return s.append("}\n").toString();
    }

    private static String uids(List<String[]> uids) {
        StringBuilder s = head("The UIDs of PS3.6 annex A by their keywords.", "UID");
        for (String[] u : uids) {
            if (isKeyword(u[1])) {
                constant(s, u[3], u[2], u[4]);
                s.append("    public static final String ")
                        .append(u[1])
                        .append(" =\n            \"");
                s.append(u[0]).append("\";\n");
            }
        }
        return s.append("}\n").toString();
    }

    private static StringBuilder head(String says, String name) {
        return new StringBuilder("package org.negvol.dicom;\n\n")
                .append("import javax.annotation.processing.Generated;\n\n")
                .append("/** ")
                .append(says)
                .append(" */\n")
                .append("@Generated(\"GenerateDictionary\")\n")
                .append("public final class ")
                .append(name)
                .append(" {\n\n")
                .append("    private ")
                .append(name)
                .append("() {}\n");
    }

    private static void constant(StringBuilder s, String what, String name, String retired) {
        s.append("\n    /** ").append(html(name)).append(", ").append(html(what));
        s.append(retired.isEmpty() ? "" : ", retired").append(". */\n");
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;");
    }

    private static boolean isKeyword(String s) {
        return !s.isEmpty()
                && s.chars().allMatch(c -> c < 128 && Character.isJavaIdentifierPart(c));
    }

    /**
     * Both tables as text inside a class: one entry a line, its cells parted by tabs. Constants
     * rather than a resource, so that a copy of the classes is whole whoever made it.
     */
    private static String tables(List<String[]> elements, List<String[]> uids) {
        List<String[]> sorted = new ArrayList<>(elements);
        sorted.sort(Comparator.comparing(e -> e[0].replace('x', '0')));
        StringBuilder s =
                new StringBuilder("package org.negvol.dicom;\n\n")
                        .append("import javax.annotation.processing.Generated;\n\n")
                        .append(
                                "/** The tables of PS3.6 as they stand in src/main/dictionary."
                                        + " */\n")
                        .append("@Generated(\"GenerateDictionary\")\n")
                        .append("final class DictionaryTables {\n\n")
                        .append("    private DictionaryTables() {}\n");
        table(s, "elements", sorted.stream().map(e -> String.join("\t", e) + "\n").toList());
        table(s, "uids", uids.stream().map(u -> String.join("\t", u) + "\n").toList());
        return s.append("}\n").toString();
    }

    private static void table(StringBuilder s, String name, List<String> lines) {
        // A class file holds no constant of more than 65,535 bytes.
        List<StringBuilder> chunks = new ArrayList<>();
        for (String line : lines) {
            if (chunks.isEmpty() || chunks.getLast().length() + line.length() > 20_000) {
                chunks.add(new StringBuilder());
            }
            chunks.getLast().append(line);
        }
        s.append("\n    static String[] ")
                .append(name)
                .append("() {\n        return new String[] {\n");
        for (StringBuilder chunk : chunks) {
            s.append("            \"");
            s.append(
                    chunk.toString()
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\t", "\\t")
                            .replace("\n", "\\n"));
            s.append("\",\n");
        }
        s.append("        };\n    }\n");
    }

    private static List<String[]> read(Path table, int columns) throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(table)) {
            String[] row = split(line);
            if (row.length != columns) {
                throw new IOException(table + ": " + columns + " columns expected: " + line);
            }
            rows.add(row);
        }
        return rows.subList(1, rows.size());
    }

    private static String[] split(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    cell.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells.toArray(String[]::new);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Path file, byte[] content) {
        try {
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
                Files.createDirectories(file.getParent());
                Files.write(file, content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
