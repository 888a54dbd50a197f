package org.negvol.report;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * The letters of the pictures, as outlines.
 *
 * <p>Java's own text needs fonts and a font configuration of the machine, which server images lack,
 * and looks different on each; these outlines (made by {@code src/build/typeface.py}) need nothing
 * and give the same picture everywhere.
 */
final class Typeface {

    static final Typeface REGULAR = load("regular.glyphs");
    static final Typeface SEMIBOLD = load("semibold.glyphs");

    /** Stands for a character that has no outline here. */
    private static final int UNKNOWN = '□';

    /** Capital letters are this high, as a share of the size. */
    static final double CAP_HEIGHT = 0.727;

    private record Glyph(double advance, Path2D outline) {}

    private final Map<Integer, Glyph> glyphs;

    private Typeface(Map<Integer, Glyph> glyphs) {
        this.glyphs = glyphs;
    }

    private static Typeface load(String resource) {
        try (InputStream in = Typeface.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing beside " + Typeface.class);
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            Map<Integer, Glyph> glyphs = new HashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int advance = line.indexOf(' ');
                int path = line.indexOf(' ', advance + 1);
                glyphs.put(
                        Integer.parseInt(line, 0, advance, 16),
                        new Glyph(
                                Integer.parseInt(line, advance + 1, path, 10) / 1000.0,
                                outline(line.substring(path + 1))));
            }
            return new Typeface(glyphs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An outline of SVG path commands M, L, C and Z, in thousandths of the size. */
    private static Path2D outline(String svg) {
        Path2D p = new Path2D.Double(Path2D.WIND_NON_ZERO);
        StringTokenizer t = new StringTokenizer(svg, "MLCZ ", true);
        double[] v = new double[6];
        int n = 0;
        char command = 'Z';
        while (t.hasMoreTokens()) {
            String s = t.nextToken();
            char c = s.charAt(0);
            if (c == ' ') {
                continue;
            }
            if (c == 'Z') {
                p.closePath();
            } else if (c == 'M' || c == 'L' || c == 'C') {
                command = c;
                n = 0;
            } else {
                v[n++] = Integer.parseInt(s) / 1000.0;
                if (command == 'M' && n == 2) {
                    p.moveTo(v[0], v[1]);
                } else if (command == 'L' && n == 2) {
                    p.lineTo(v[0], v[1]);
                } else if (command == 'C' && n == 6) {
                    p.curveTo(v[0], v[1], v[2], v[3], v[4], v[5]);
                }
            }
        }
        return p;
    }

    private Glyph glyph(int codePoint) {
        Glyph known = glyphs.get(codePoint);
        if (known != null) {
            return known;
        }
        Glyph unknown = glyphs.get(UNKNOWN);
        if (unknown == null) {
            throw new IllegalStateException("the typeface lacks its sign for unknown characters");
        }
        return unknown;
    }

    /** Width of a line of text in pixels. */
    double width(String text, double size) {
        return text.codePoints().mapToDouble(c -> glyph(c).advance()).sum() * size;
    }

    /**
     * Draws a line of text in the colour of the graphics.
     *
     * @param x left end
     * @param y base line
     * @param size height of the em square in pixels
     * @return x of the right end
     */
    double draw(Graphics2D g, String text, double x, double y, double size) {
        double[] at = {x};
        text.codePoints()
                .forEach(
                        c -> {
                            Glyph glyph = glyph(c);
                            AffineTransform place = AffineTransform.getTranslateInstance(at[0], y);
                            place.scale(size, size);
                            g.fill(place.createTransformedShape(glyph.outline()));
                            at[0] += glyph.advance() * size;
                        });
        return at[0];
    }

    void drawRight(Graphics2D g, String text, double right, double y, double size) {
        draw(g, text, right - width(text, size), y, size);
    }

    void drawCentred(Graphics2D g, String text, double centre, double y, double size) {
        draw(g, text, centre - width(text, size) / 2, y, size);
    }

    /** The text in lines no wider than {@code width} pixels, broken at spaces. */
    List<String> wrap(String text, double width, double size) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        StringTokenizer words = new StringTokenizer(text);
        while (words.hasMoreTokens()) {
            String word = words.nextToken();
            if (!line.isEmpty() && width(line + " " + word, size) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** The text, its end replaced by an ellipsis if it is wider than {@code width} pixels. */
    String fit(String text, double width, double size) {
        if (width(text, size) <= width) {
            return text;
        }
        int end = text.length();
        while (end > 0 && width(text.substring(0, end) + "…", size) > width) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end).stripTrailing() + "…";
    }
}
