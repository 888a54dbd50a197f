package org.negvol.report;

import java.text.Normalizer;
import java.util.Locale;
import java.util.stream.Collectors;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.Side;

/** The words that stand in several result objects. */
final class ResultWords {

    static final String MAKER = "negvol";
    static final String ALGORITHM = "negvol TMJ negative volume";

    static final String INTENDED_USE =
            "Computed automatically and not verified by a physician. Not for primary diagnosis:"
                    + " look at the images.";

    private ResultWords() {}

    static String of(Side side) {
        return switch (side) {
            case LEFT -> "Left";
            case RIGHT -> "Right";
        };
    }

    /** The method's version and numbers; they are part of the measure. */
    static String parameters(NegativeVolumeParameters p) {
        String cut =
                switch (p.neckCut()) {
                    case BELOW_TOP -> "neck cut " + p.neckCutBelowTopMm() + " mm below the top";
                    case SIGMOID_NOTCH -> "neck cut through the sigmoid notch";
                    case NONE -> "no neck cut";
                };
        return String.format(
                Locale.ROOT,
                "method %s: reach %s mm, %s, rim within %s mm, step %s mm, Laplacian weight %s,"
                        + " edge %s mm, widest gap %s mm",
                NegativeVolumeParameters.DEFINITION,
                p.reachMm(),
                cut,
                p.rimWithinMm(),
                p.stepMm(),
                p.laplacianWeight(),
                p.edgeMm(),
                p.widestGapMm());
    }

    static String of(ModelIdentity model) {
        return plain(
                "network %s %s, SHA-256 %s, licence %s, trained on %s"
                        .formatted(
                                model.name(),
                                model.version(),
                                model.sha256(),
                                model.licence(),
                                model.trainedOn()));
    }

    /**
     * The text in ASCII: the result keeps the character set of its source, and only ASCII is in
     * every one of them.
     */
    static String plain(String text) {
        String spelled =
                text.replace("°", " deg")
                        .replace("µ", "u")
                        .replace("×", "x")
                        .replace("±", "+/-")
                        .replace("²", "2")
                        .replace("³", "3")
                        .replace("≥", ">=")
                        .replace("≤", "<=")
                        .replace('−', '-')
                        .replace('–', '-')
                        .replace('—', '-')
                        .replace('’', '\'')
                        .replace("…", "...")
                        .replace('\u00a0', ' ')
                        .replace('\\', '/');
        return Normalizer.normalize(spelled, Normalizer.Form.NFKD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .mapToObj(c -> c == '\n' || (c >= 0x20 && c < 0x7f) ? Character.toString(c) : "?")
                .collect(Collectors.joining());
    }
}
