package org.negvol.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.negvol.dicom.TransferSyntax;

/**
 * What a destination wants to receive. Every object says the same numbers; options choose which
 * objects there are and how they are written.
 *
 * @param contents which objects
 * @param segmentation how voxels are written
 * @param spatialCoordinates whether the Structured Report holds landmarks and joint-space lines in
 *     space (SCOORD3D); some viewers refuse a whole report for them
 * @param deflate whether they are sent deflated where the destination takes it; that changes no
 *     object
 * @param rle whether pixels of 8 bits are offered run-length encoded first
 * @param fallback whether an object whose kind the destination refuses is replaced by one of its
 *     {@linkplain ResultObject.Kind#alternatives() alternatives}
 */
public record ReportOptions(
        Set<Content> contents,
        SegmentationEncoding segmentation,
        boolean spatialCoordinates,
        boolean deflate,
        boolean rle,
        boolean fallback) {

    /** What can be sent. */
    public enum Content {
        /** Segmentation on the grid of the source. */
        SEGMENTATION("seg"),
        /** Surface Segmentation. */
        SURFACES("surface"),
        /** Comprehensive 3D Structured Report. */
        REPORT("sr"),
        /** One Encapsulated STL a structure, for planning and printing. */
        MODELS("stl"),
        /** Pictures of the result as a multi-frame Secondary Capture. */
        PICTURES("sc"),
        /** The result on one page as an Encapsulated PDF. */
        DOCUMENT("pdf"),
        /** Key Object Selection that names all of it. */
        KEY_OBJECTS("ko");

        private final String word;

        Content(String word) {
            this.word = word;
        }

        /** What the configuration calls it. */
        public String word() {
            return word;
        }
    }

    /** For destinations nothing is known of. */
    public static final ReportOptions DEFAULT =
            new ReportOptions(
                    EnumSet.of(Content.SEGMENTATION, Content.SURFACES, Content.REPORT),
                    SegmentationEncoding.BINARY,
                    true,
                    false,
                    false,
                    true);

    public ReportOptions {
        contents = Set.copyOf(contents);
        if (contents.isEmpty()) {
            throw new IllegalArgumentException("a destination that wants no object");
        }
    }

    /**
     * Reads options as the configuration writes them: {@code objects=seg+sr+pdf,
     * segmentation=label-map, coordinates=no, deflate=yes}, each optional, in any order.
     *
     * @throws IllegalArgumentException if something in it is unknown; the message is a sentence
     *     that says what is allowed
     */
    public static ReportOptions parse(String text) {
        ReportOptions options = DEFAULT;
        for (String part : text.split("[,;&]", -1)) {
            if (part.isBlank()) {
                continue;
            }
            String[] pair = part.strip().split("\\s*=\\s*", 2);
            String value = pair.length == 2 ? pair[1].toLowerCase(Locale.ROOT) : "";
            options = options.with(pair[0].toLowerCase(Locale.ROOT), value);
        }
        return options;
    }

    private ReportOptions with(String key, String value) {
        return switch (key) {
            case "objects" -> withContents(contents(value));
            case "segmentation" ->
                    with(encoding(value), spatialCoordinates, deflate, rle, fallback);
            case "coordinates" -> with(segmentation, yes(key, value), deflate, rle, fallback);
            case "deflate" ->
                    with(segmentation, spatialCoordinates, yes(key, value), rle, fallback);
            case "rle" ->
                    with(segmentation, spatialCoordinates, deflate, yes(key, value), fallback);
            case "fallback" ->
                    with(segmentation, spatialCoordinates, deflate, rle, yes(key, value));
            default ->
                    throw new IllegalArgumentException(
                            "\"%s\" is no option of a destination; there are objects, segmentation, coordinates, deflate, rle and fallback."
                                    .formatted(key));
        };
    }

    /**
     * Whether there is something to be sent, where this kind is refused, that is not sent anyway.
     */
    public boolean hasAlternatives(ResultObject.Kind refused) {
        return fallback && !kinds().containsAll(refused.alternatives());
    }

    /** What of it decides how objects are written, and not how they are sent. */
    public ReportOptions asWritten() {
        return with(
                segmentation, spatialCoordinates, DEFAULT.deflate, DEFAULT.rle, DEFAULT.fallback);
    }

    /** The same with other objects. */
    public ReportOptions withContents(Set<Content> others) {
        return new ReportOptions(others, segmentation, spatialCoordinates, deflate, rle, fallback);
    }

    private ReportOptions with(
            SegmentationEncoding encoding,
            boolean coordinates,
            boolean deflated,
            boolean runLengths,
            boolean alternatives) {
        return new ReportOptions(
                contents, encoding, coordinates, deflated, runLengths, alternatives);
    }

    private static Set<Content> contents(String value) {
        EnumSet<Content> contents = EnumSet.noneOf(Content.class);
        for (String word : value.split("\\+", -1)) {
            contents.add(
                    Arrays.stream(Content.values())
                            .filter(c -> c.word.equals(word.strip()))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new IllegalArgumentException(
                                                    "objects names \"%s\"; there are %s, joined by +."
                                                            .formatted(word, words()))));
        }
        return contents;
    }

    private static String words() {
        return Arrays.stream(Content.values()).map(Content::word).collect(Collectors.joining(", "));
    }

    private static SegmentationEncoding encoding(String value) {
        return switch (value) {
            case "binary" -> SegmentationEncoding.BINARY;
            case "fractional" -> SegmentationEncoding.FRACTIONAL;
            case "label-map", "labelmap" -> SegmentationEncoding.LABEL_MAP;
            default ->
                    throw new IllegalArgumentException(
                            "segmentation is \"%s\"; it can be binary, fractional or label-map."
                                    .formatted(value));
        };
    }

    private static boolean yes(String key, String value) {
        return switch (value) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "%s is \"%s\"; it can be yes or no.".formatted(key, value));
        };
    }

    /**
     * The presentation contexts in which a destination is offered objects of a kind, by their
     * transfer syntaxes, the preferred first; each on its own, so that it is used where it is
     * taken. RLE is for samples of whole bytes, so not for a binary Segmentation.
     */
    public List<List<TransferSyntax>> offers(ResultObject.Kind kind) {
        List<List<TransferSyntax>> offers = new ArrayList<>();
        if (rle
                && kind.image()
                && (kind != ResultObject.Kind.SEGMENTATION
                        || segmentation == SegmentationEncoding.FRACTIONAL)) {
            offers.add(List.of(TransferSyntax.RLE_LOSSLESS));
        }
        if (deflate) {
            offers.add(List.of(TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN));
        }
        offers.add(
                List.of(
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                        TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN));
        return offers;
    }

    /** The kinds of objects that are wanted. */
    Set<ResultObject.Kind> kinds() {
        EnumSet<ResultObject.Kind> kinds = EnumSet.noneOf(ResultObject.Kind.class);
        for (Content content : contents) {
            kinds.add(
                    switch (content) {
                        case SEGMENTATION -> segmentation.kind();
                        case SURFACES -> ResultObject.Kind.SURFACE_SEGMENTATION;
                        case REPORT -> ResultObject.Kind.STRUCTURED_REPORT;
                        case MODELS -> ResultObject.Kind.ENCAPSULATED_STL;
                        case PICTURES -> ResultObject.Kind.PICTURES;
                        case DOCUMENT -> ResultObject.Kind.ENCAPSULATED_PDF;
                        case KEY_OBJECTS -> ResultObject.Kind.KEY_OBJECT_SELECTION;
                    });
        }
        return kinds;
    }

    boolean wants(Content content) {
        return contents.contains(content);
    }

    /**
     * What tells an object apart from the one of its kind that other options give, since different
     * bytes must have a different SOP Instance UID; empty for the default.
     */
    String variant(ResultObject.Kind kind) {
        String reference =
                wants(Content.SEGMENTATION)
                        ? segmentation == SegmentationEncoding.FRACTIONAL ? " fractional" : ""
                        : " alone";
        return switch (kind) {
            case SEGMENTATION -> reference;
            case LABEL_MAP_SEGMENTATION, ENCAPSULATED_PDF, PICTURES, PICTURE -> "";
            case SURFACE_SEGMENTATION, ENCAPSULATED_STL -> reference + labelMap();
            case STRUCTURED_REPORT ->
                    reference
                            + labelMap()
                            + (wants(Content.SURFACES) ? "" : " no surfaces")
                            + (spatialCoordinates ? "" : " no coordinates");
            case KEY_OBJECT_SELECTION ->
                    reference
                            + labelMap()
                            + (spatialCoordinates ? "" : " no coordinates")
                            + contents.stream()
                                    .sorted()
                                    .map(Content::word)
                                    .collect(Collectors.joining("+", " ", ""));
        };
    }

    private String labelMap() {
        return wants(Content.SEGMENTATION) && segmentation == SegmentationEncoding.LABEL_MAP
                ? " label map"
                : "";
    }
}
