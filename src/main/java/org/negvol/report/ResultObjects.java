package org.negvol.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.negvol.report.ResultObject.Kind;
import org.negvol.volume.CtSeries;

/**
 * Turns the result of a study into DICOM objects: Segmentation, Surface Segmentation and Structured
 * Report where a joint was measured, the Structured Report alone with the reason where none was.
 *
 * <p>Deterministic: the same result gives the same bytes, UIDs included. What several destinations
 * want is computed once. For one thread; its work is spread over the processors.
 */
public final class ResultObjects {

    /**
     * The objects for one destination.
     *
     * @param wanted what it asks for, those first that others refer to
     * @param alternatives what may be sent instead of objects whose kind it refuses
     */
    public record Made(List<ResultObject> wanted, List<ResultObject> alternatives) {
        public Made {
            wanted = List.copyOf(wanted);
            alternatives = List.copyOf(alternatives);
        }
    }

    /** A thread for each of the few long pieces of work: their own loops use the common pool. */
    private static final Executor THREADS =
            work -> Thread.ofPlatform().daemon().name("result-object").start(work);

    private final StudyResult result;
    private final List<EarlierReport> earlier;
    private final NormalValues normalValues;
    private final ResultIdentity identity;
    private final List<Segment> segments;
    private final Beside<BufferedImage> page;

    /**
     * Of a result.
     *
     * @param result the result
     * @param earlier reports of the usual kind on the same series, the newest first; the new report
     *     names the one before it as its predecessor
     * @param normalValues what is known of healthy joints
     */
    public ResultObjects(
            StudyResult result, List<EarlierReport> earlier, NormalValues normalValues) {
        this.result = result;
        this.earlier = List.copyOf(earlier);
        this.normalValues = normalValues;
        identity = new ResultIdentity(result);
        segments = result.geometry() == null ? List.of() : Segment.of(result, identity);
        page = new Beside<>(() -> pageWithoutScan(result));
    }

    /** The objects for a destination nothing is known of. */
    public static List<ResultObject> of(StudyResult result) {
        return of(result, ReportOptions.DEFAULT);
    }

    /** The objects that a destination with these options wants. */
    public static List<ResultObject> of(StudyResult result, ReportOptions options) {
        return new ResultObjects(result, List.of(), NormalValues.PUBLISHED).wanted(options);
    }

    /** The objects that a destination with these options wants. */
    public List<ResultObject> wanted(ReportOptions options) {
        return make(options, options.kinds(), Set.of()).wanted();
    }

    /** The objects that a destination wants, and their alternatives if its options ask for them. */
    public Made made(ReportOptions options) {
        Set<Kind> kinds = options.kinds();
        EnumSet<Kind> alternatives = EnumSet.noneOf(Kind.class);
        if (options.fallback()) {
            kinds.stream()
                    .filter(kind -> !segments.isEmpty() || !kind.ofSegments())
                    .forEach(kind -> alternatives.addAll(kind.alternatives()));
            alternatives.removeAll(kinds);
        }
        return make(options, kinds, alternatives);
    }

    /**
     * The page of the result.
     *
     * @param scan the series the result was computed from, for the planes of a refusal
     * @throws IOException if a slice cannot be read
     */
    public BufferedImage page(@Nullable CtSeries scan) throws IOException {
        return result.joints().isEmpty() ? ResultPicture.render(result, scan) : page.get();
    }

    /**
     * The result as a PDF to be printed.
     *
     * @param page what {@link #page} gave
     */
    public byte[] pdf(BufferedImage page) {
        return ResultPdf.write(result, page, normalValues);
    }

    private Made make(ReportOptions options, Set<Kind> wanted, Set<Kind> alternatives) {
        EnumSet<Kind> all = EnumSet.copyOf(wanted);
        all.addAll(alternatives);
        // It takes long, and goes on beside what follows.
        if (all.stream().anyMatch(Kind::ofPage)) {
            page.begin();
        }
        Writing writing = new Writing(options);
        List<ResultObject> first = new ArrayList<>();
        List<ResultObject> others = new ArrayList<>();
        for (Kind kind : all) {
            (wanted.contains(kind) ? first : others).addAll(writing.objects(kind, first));
        }
        return new Made(first, others);
    }

    /** Writes the objects of one set of options, each kind after those that it refers to. */
    private final class Writing {

        private final ReportOptions options;
        private final CommonModules modules;
        private @Nullable ResultObject segmentation;
        private @Nullable ResultObject surfaces;

        Writing(ReportOptions options) {
            this.options = options;
            modules = new CommonModules(result, identity, options, normalValues);
        }

        /**
         * The objects of a kind.
         *
         * @param before the wanted ones of the kinds before it
         */
        List<ResultObject> objects(Kind kind, List<ResultObject> before) {
            if (kind.ofSegments() && segments.isEmpty()) {
                return List.of();
            }
            return switch (kind) {
                case SEGMENTATION, LABEL_MAP_SEGMENTATION -> segmentation(kind);
                case SURFACE_SEGMENTATION -> {
                    surfaces =
                            new SurfaceSegmentationWriter(result, modules, segments, segmentation)
                                    .write();
                    yield List.of(surfaces);
                }
                case STRUCTURED_REPORT -> List.of(report());
                case ENCAPSULATED_STL ->
                        new EncapsulatedStlWriter(result, modules, segments, segmentation).write();
                case ENCAPSULATED_PDF ->
                        List.of(
                                new EncapsulatedPdfWriter(result, modules, normalValues)
                                        .write(page.get()));
                case PICTURES ->
                        List.of(
                                new SecondaryCaptureWriter(modules)
                                        .pictures(ResultPicture.details(result, page.get())));
                case PICTURE -> List.of(new SecondaryCaptureWriter(modules).page(page.get()));
                case KEY_OBJECT_SELECTION ->
                        before.isEmpty()
                                ? List.of()
                                : List.of(
                                        new KeyObjectWriter(result, identity, modules)
                                                .write(before));
            };
        }

        private List<ResultObject> segmentation(Kind kind) {
            SegmentationEncoding encoding =
                    kind == options.segmentation().kind()
                            ? options.segmentation()
                            : SegmentationEncoding.BINARY;
            ResultObject written =
                    new SegmentationWriter(
                                    result,
                                    Objects.requireNonNull(result.geometry()),
                                    identity,
                                    modules,
                                    segments,
                                    encoding)
                            .write();
            if (written == null) {
                return List.of();
            }
            if (encoding == options.segmentation()) {
                segmentation = written;
            }
            return List.of(written);
        }

        private ResultObject report() {
            return new MeasurementReport(
                            result,
                            identity,
                            modules,
                            segments,
                            segmentation,
                            surfaces,
                            options,
                            earlier,
                            normalValues)
                    .write();
        }
    }

    private static BufferedImage pageWithoutScan(StudyResult result) {
        try {
            return ResultPicture.render(result, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Something that is computed once, if it is needed, and meanwhile other things are done. */
    private static final class Beside<T> {

        private final Supplier<T> work;
        private @Nullable CompletableFuture<T> begun;

        Beside(Supplier<T> work) {
            this.work = work;
        }

        void begin() {
            if (begun == null) {
                begun = CompletableFuture.supplyAsync(work, THREADS);
            }
        }

        T get() {
            begin();
            try {
                return Objects.requireNonNull(begun).join();
            } catch (CompletionException e) {
                switch (e.getCause()) {
                    case RuntimeException r -> throw r;
                    case Error r -> throw r;
                    case null, default -> throw e;
                }
            }
        }
    }
}
