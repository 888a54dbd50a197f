package org.negvol.report;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.measure.Measure;
import org.negvol.measure.QualityFlag;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.volume.Side;

/**
 * A result as a PDF of one A4 page (more where many remarks need it): what a clinician looks at in
 * ten seconds and may print. Whose scan, how it ended, the views, the numbers of both sides beside
 * what has been published of healthy joints, and what limits them.
 *
 * <p>The text is text, so that it can be searched and copied. The same result gives the same bytes.
 */
final class ResultPdf {

    private static final float MARGIN = 36;
    private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;
    private static final float FOOTER = 40;

    /**
     * PDFBox brings it (SIL Open Font License); embedded, the page is the same in every viewer, and
     * no font of the machine is looked for.
     */
    private static final String FONT =
            "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    /** The weight of the letters; bold ones are drawn with an outline. */
    private enum Weight {
        REGULAR,
        BOLD
    }

    private static final float BOLD_OUTLINE = 0.035f;

    private static final Color INK = new Color(0x1B232C);
    private static final Color MUTED = new Color(0x5D6B79);
    private static final Color RULE = new Color(0xC9D1D9);
    private static final Color GOOD = new Color(0x1E8F5D);
    private static final Color CAUTION = new Color(0xB36B00);
    private static final Color BAD = new Color(0xB3262B);

    private static final List<Measure> TABLE =
            List.of(
                    Measure.NEGATIVE_VOLUME,
                    Measure.NEGATIVE_VOLUME_AREA,
                    Measure.ANTERIOR_JOINT_SPACE,
                    Measure.SUPERIOR_JOINT_SPACE,
                    Measure.POSTERIOR_JOINT_SPACE,
                    Measure.MEDIAL_JOINT_SPACE,
                    Measure.LATERAL_JOINT_SPACE,
                    Measure.JOINT_SPACE_MEAN,
                    Measure.JOINT_SPACE_MIN,
                    Measure.FOSSA_WIDTH,
                    Measure.FOSSA_DEPTH,
                    Measure.CONDYLE_WIDTH,
                    Measure.CONDYLE_DEPTH,
                    Measure.HORIZONTAL_CONDYLAR_ANGLE);

    private static final List<Measure> SYMMETRY =
            List.of(
                    Measure.SYMMETRY_RATIO,
                    Measure.HAUSDORFF_DISTANCE,
                    Measure.HAUSDORFF_95,
                    Measure.VOLUME_RATIO);

    private final StudyResult result;
    private final NormalValues normalValues;
    private final PDDocument document;
    private final PDFont font;
    private PDPageContentStream page;
    private float y;

    private ResultPdf(StudyResult result, NormalValues normalValues, PDDocument document)
            throws IOException {
        this.result = result;
        this.normalValues = normalValues;
        this.document = document;
        try (InputStream in = PDDocument.class.getResourceAsStream(FONT)) {
            if (in == null) {
                throw new IllegalStateException("PDFBox has no " + FONT);
            }
            font = PDType0Font.load(document, in, true);
        }
        page = newPage();
    }

    /**
     * The PDF of a result.
     *
     * @param picture the page that {@link ResultPicture} draws of it
     * @param normalValues what is known of healthy joints
     */
    static byte[] write(StudyResult result, BufferedImage picture, NormalValues normalValues) {
        try (PDDocument document = new PDDocument()) {
            // What PDFBox would take from the clock.
            document.setDocumentId(0L);
            ResultPdf writer = new ResultPdf(result, normalValues, document);
            writer.draw(picture);
            writer.page.close();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            document.save(out, CompressParameters.NO_COMPRESSION);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PDPageContentStream newPage() throws IOException {
        PDPage sheet = new PDPage(PDRectangle.A4);
        document.addPage(sheet);
        y = PDRectangle.A4.getHeight() - MARGIN;
        return new PDPageContentStream(document, sheet);
    }

    /** Goes on to another page where less than this is left above the footer. */
    private void room(float height) throws IOException {
        if (y - height < MARGIN + FOOTER) {
            footer(List.of());
            page.close();
            page = newPage();
        }
    }

    private void draw(BufferedImage picture) throws IOException {
        header();
        List<String> citations = new ArrayList<>();
        if (!result.joints().isEmpty()) {
            views(picture);
            table(citations);
            symmetry();
        }
        remarks();
        footer(citations);
    }

    private void header() throws IOException {
        Attributes source = result.source().firstImage();
        y -= 12;
        text("Negative volume of the temporomandibular joints", MARGIN, Weight.BOLD, 14, INK);
        String outcome =
                switch (result.outcome()) {
                    case Outcome.Done d -> "Done";
                    case Outcome.Degraded d -> "Done with limits";
                    case Outcome.NotApplicable n -> "Not applicable";
                    case Outcome.Failed f -> "Failed";
                };
        Color colour =
                switch (result.outcome()) {
                    case Outcome.Done d -> GOOD;
                    case Outcome.Degraded d -> CAUTION;
                    case Outcome.NotApplicable n -> MUTED;
                    case Outcome.Failed f -> BAD;
                };
        right(outcome, MARGIN + WIDTH, Weight.BOLD, 11, colour);
        y -= 15;
        text(
                joined(
                        name(source.getString(Tag.PatientName, "")),
                        labelled("ID", source.getString(Tag.PatientID, "")),
                        labelled("born", date(source.getString(Tag.PatientBirthDate, ""))),
                        source.getString(Tag.PatientSex, "")),
                MARGIN,
                Weight.BOLD,
                9,
                INK);
        y -= 12;
        text(
                joined(
                        source.getString(Tag.Modality, ""),
                        date(source.getString(Tag.StudyDate, "")),
                        labelled("accession", source.getString(Tag.AccessionNumber, "")),
                        source.getString(Tag.StudyDescription, ""),
                        source.getString(Tag.SeriesDescription, "")),
                MARGIN,
                Weight.REGULAR,
                8,
                MUTED);
        y -= 6;
        rule();
        for (String line : wrap(result.outcome().sentence(), WIDTH, 9)) {
            y -= 12;
            text(line, MARGIN, Weight.REGULAR, 9, INK);
        }
        y -= 4;
    }

    private void views(BufferedImage picture) throws IOException {
        // Encoding them is most of the work on a page.
        List<PdfImage> images =
                Stream.of(
                                ResultPicture.planes(picture, Side.RIGHT),
                                ResultPicture.planes(picture, Side.LEFT),
                                ResultPicture.scenes(picture))
                        .parallel()
                        .map(PdfImage::of)
                        .toList();
        joint(Side.RIGHT, images.get(0));
        joint(Side.LEFT, images.get(1));
        PdfImage scenes = images.get(2);
        float height = WIDTH * scenes.height() / scenes.width();
        image(scenes, MARGIN, y - height, WIDTH, height);
        y -= height + 10;
        float x = MARGIN;
        x = swatch(SegmentColour.CONDYLE, "mandibular condyle", x);
        x = swatch(SegmentColour.TEMPORAL_BONE, "temporal bone", x);
        swatch(SegmentColour.NEGATIVE_VOLUME, "negative volume", x);
        right(
                "planes along the condyle's axes, bar 10 mm; maps: joint space over the condyle,"
                        + " seen from above",
                MARGIN + WIDTH,
                Weight.REGULAR,
                6.5f,
                MUTED);
        y -= 6;
    }

    private void joint(Side side, PdfImage planes) throws IOException {
        float width = WIDTH * 0.76f;
        float height = width * planes.height() / planes.width();
        float top = y;
        image(planes, MARGIN, top - height, width, height);
        beside(side, MARGIN + width + 10, top);
        y = top - height - 6;
    }

    /** The most important numbers of a joint, large, to the right of its planes. */
    private void beside(Side side, float x, float top) throws IOException {
        y = top - 12;
        text(ResultWords.of(side) + " joint", x, Weight.BOLD, 11, INK);
        Optional<JointResult> joint = result.joint(side);
        if (joint.isEmpty()) {
            y -= 14;
            text("not measured", x, Weight.BOLD, 9, CAUTION);
            return;
        }
        for (Measure m :
                List.of(
                        Measure.NEGATIVE_VOLUME,
                        Measure.JOINT_SPACE_MEAN,
                        Measure.JOINT_SPACE_MIN)) {
            OptionalDouble value = joint.get().measures().value(m);
            y -= 26;
            text(
                    value.isEmpty()
                            ? "–"
                            : ReadableMeasure.value(m, value.getAsDouble())
                                    + " "
                                    + ReadableMeasure.unit(m),
                    x,
                    Weight.BOLD,
                    13,
                    INK);
            y -= 9;
            text(m.meaning(), x, Weight.REGULAR, 7, MUTED);
        }
    }

    private void table(List<String> citations) throws IOException {
        float unit = MARGIN + 292;
        float left = unit - 8;
        float rightSide = left - 48;
        float published = unit + 40;
        y -= 10;
        text("Measurements", MARGIN, Weight.BOLD, 8.5f, INK);
        right("right", rightSide, Weight.BOLD, 8, MUTED);
        right("left", left, Weight.BOLD, 8, MUTED);
        text("healthy joints, published mean ± SD", published, Weight.BOLD, 8, MUTED);
        y -= 3;
        rule();
        for (Measure m : TABLE) {
            y -= 10.5f;
            boolean main = m == Measure.NEGATIVE_VOLUME;
            text(m.meaning(), MARGIN, main ? Weight.BOLD : Weight.REGULAR, 8, INK);
            right(value(Side.RIGHT, m), rightSide, Weight.BOLD, 8, INK);
            right(value(Side.LEFT, m), left, Weight.BOLD, 8, INK);
            text(ReadableMeasure.unit(m), unit, Weight.REGULAR, 8, MUTED);
            Optional<NormalValues.Published> norm = normalValues.of(m);
            text(
                    norm.map(n -> published(m, n, citations)).orElse("none published"),
                    published,
                    Weight.REGULAR,
                    8,
                    norm.isPresent() ? INK : MUTED);
        }
        y -= 4;
    }

    private static String published(
            Measure m, NormalValues.Published norm, List<String> citations) {
        if (!citations.contains(norm.source())) {
            citations.add(norm.source());
        }
        String sd =
                norm.sd().isPresent()
                        ? " ± " + ReadableMeasure.value(m, norm.sd().getAsDouble())
                        : "";
        return "%s%s %s [%d]"
                .formatted(
                        ReadableMeasure.value(m, norm.mean()),
                        sd,
                        ReadableMeasure.unit(m),
                        citations.indexOf(norm.source()) + 1);
    }

    private void symmetry() throws IOException {
        y -= 9;
        text("Left against right", MARGIN, Weight.BOLD, 8.5f, INK);
        y -= 3;
        rule();
        y -= 11;
        float x = MARGIN;
        for (Measure m : SYMMETRY) {
            OptionalDouble value =
                    result.symmetry() == null ? OptionalDouble.empty() : result.symmetry().value(m);
            String number =
                    value.isEmpty()
                            ? "–"
                            : (ReadableMeasure.value(m, value.getAsDouble())
                                            + " "
                                            + ReadableMeasure.unit(m))
                                    .strip();
            text(number, x, Weight.BOLD, 9, INK);
            y -= 9;
            text(m.meaning(), x, Weight.REGULAR, 6.5f, MUTED);
            y += 9;
            x += WIDTH / SYMMETRY.size();
        }
        y -= 13;
    }

    private void remarks() throws IOException {
        List<QualityFlag> flags =
                Stream.concat(
                                result.flags().stream(),
                                Stream.concat(
                                        result.joints().stream()
                                                .flatMap(j -> j.measures().flags().stream()),
                                        Optional.ofNullable(result.symmetry()).stream()
                                                .flatMap(s -> s.flags().stream())))
                        .distinct()
                        // A refusal's own sentence stands above.
                        .filter(
                                f ->
                                        !result.joints().isEmpty()
                                                || !result.outcome()
                                                        .sentence()
                                                        .contains(f.sentence()))
                        .toList();
        if (flags.isEmpty()) {
            return;
        }
        room(30);
        y -= 10;
        text("Limits of this result", MARGIN, Weight.BOLD, 8.5f, CAUTION);
        for (QualityFlag flag : flags) {
            Side side = flag.side();
            String sentence =
                    (side == null ? "" : ResultWords.of(side) + " joint: ") + flag.sentence();
            boolean first = true;
            for (String line : wrap(sentence, WIDTH - 10, 8)) {
                room(10);
                y -= 10;
                if (first) {
                    text("•", MARGIN, Weight.BOLD, 8, CAUTION);
                    first = false;
                }
                text(line, MARGIN + 10, Weight.REGULAR, 8, INK);
            }
        }
    }

    private void footer(List<String> citations) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < citations.size(); i++) {
            lines.add("[" + (i + 1) + "] " + citations.get(i));
        }
        if (!citations.isEmpty()) {
            lines.add("published values: version " + normalValues.version());
        }
        if (!result.joints().isEmpty()) {
            lines.add(ResultWords.parameters(result.joints().getFirst().surfaces().parameters()));
        }
        lines.add(
                Stream.concat(
                                Stream.of(ResultWords.MAKER + " " + result.pipelineVersion()),
                                result.models().stream().map(ResultPdf::network))
                        .collect(Collectors.joining(", ")));
        y = MARGIN + 9.5f + 7.5f * lines.size();
        rule();
        for (String line : lines) {
            y -= 7.5f;
            text(line, MARGIN, Weight.REGULAR, 6, MUTED);
        }
        y -= 9;
        text(ResultWords.INTENDED_USE, MARGIN, Weight.BOLD, 7.5f, BAD);
    }

    private static String network(ModelIdentity model) {
        return "%s %s (SHA-256 %.12s…)".formatted(model.name(), model.version(), model.sha256());
    }

    private String value(Side side, Measure measure) {
        return result.joint(side)
                .map(j -> j.measures().value(measure))
                .filter(OptionalDouble::isPresent)
                .map(v -> ReadableMeasure.value(measure, v.getAsDouble()))
                .orElse("–");
    }

    // Drawing

    private void image(PdfImage image, float x, float bottom, float width, float height)
            throws IOException {
        page.drawImage(image.in(document), x, bottom, width, height);
    }

    private float swatch(SegmentColour colour, String words, float x) throws IOException {
        page.setNonStrokingColor(colour.color());
        page.addRect(x, y, 9, 6);
        page.fill();
        text(words, x + 12, Weight.REGULAR, 7, INK);
        return x + 12 + width(words, 7) + 12;
    }

    private void rule() throws IOException {
        page.setStrokingColor(RULE);
        page.setLineWidth(0.6f);
        page.moveTo(MARGIN, y);
        page.lineTo(MARGIN + WIDTH, y);
        page.stroke();
    }

    private void text(String text, float x, Weight weight, float size, Color colour)
            throws IOException {
        page.beginText();
        page.setFont(font, size);
        page.setNonStrokingColor(colour);
        page.setStrokingColor(colour);
        page.setLineWidth(BOLD_OUTLINE * size);
        page.setRenderingMode(
                weight == Weight.BOLD ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
        page.newLineAtOffset(x, y);
        page.showText(encodable(text));
        page.endText();
    }

    private void right(String text, float end, Weight weight, float size, Color colour)
            throws IOException {
        text(text, end - width(text, size), weight, size, colour);
    }

    private float width(String text, float size) throws IOException {
        return font.getStringWidth(encodable(text)) / 1000 * size;
    }

    private List<String> wrap(String text, float width, float size) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && width(longer, size) > width) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(word);
            } else {
                line.setLength(0);
                line.append(longer);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    /** The text with question marks for what the font lacks. */
    private String encodable(String text) {
        StringBuilder s = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            String character = Character.toString(c);
                            try {
                                font.encode(character);
                                s.append(character);
                            } catch (IOException | IllegalArgumentException e) {
                                s.append('?');
                            }
                        });
        return s.toString();
    }

    // Words

    /** The alphabetic group of a person name, family name first. */
    private static String name(String personName) {
        String alphabetic = personName.split("=", 2)[0];
        String[] parts = alphabetic.split("\\^", -1);
        String given =
                Stream.of(parts).skip(1).filter(p -> !p.isBlank()).collect(Collectors.joining(" "));
        return given.isEmpty() ? parts[0] : parts[0] + ", " + given;
    }

    private static String date(String da) {
        return da.length() == 8
                ? da.substring(0, 4) + "-" + da.substring(4, 6) + "-" + da.substring(6)
                : da;
    }

    private static String labelled(String label, String value) {
        return value.isBlank() ? "" : label + " " + value;
    }

    private static String joined(String... parts) {
        return Stream.of(parts)
                .filter(p -> !p.isBlank())
                .map(String::strip)
                .collect(Collectors.joining("   ·   "));
    }
}
