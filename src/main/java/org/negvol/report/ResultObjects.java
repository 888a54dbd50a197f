package org.negvol.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.report.ReportOptions.Content;
import org.negvol.volume.VolumeGeometry;

/**
 * Turns the result of a study into DICOM objects: Segmentation, Surface Segmentation and Structured
 * Report where a joint was measured, the Structured Report alone with the reason where none was.
 *
 * <p>Deterministic: the same result gives the same bytes, UIDs included.
 */
public final class ResultObjects {

    private ResultObjects() {}

    /** The objects for a destination nothing is known of. */
    public static List<ResultObject> of(StudyResult result) {
        return of(result, ReportOptions.DEFAULT);
    }

    /**
     * The objects of a result, those first that others refer to.
     *
     * @param options what the destination wants
     */
    public static List<ResultObject> of(StudyResult result, ReportOptions options) {
        return of(result, options, List.of());
    }

    /**
     * The objects of a result, those first that others refer to.
     *
     * @param options what the destination wants
     * @param earlier reports of the usual kind on the same series, the newest first; the new report
     *     names the one before it as its predecessor
     */
    public static List<ResultObject> of(
            StudyResult result, ReportOptions options, List<EarlierReport> earlier) {
        ResultIdentity identity = new ResultIdentity(result);
        CommonModules modules = new CommonModules(result, identity, options);
        List<Segment> segments = Segment.of(result, identity);
        List<ResultObject> objects = new ArrayList<>();
        @Nullable ResultObject segmentation = null;
        @Nullable ResultObject surfaces = null;
        VolumeGeometry grid = result.geometry();
        if (!segments.isEmpty() && grid != null) {
            if (options.wants(Content.SEGMENTATION)) {
                segmentation =
                        new SegmentationWriter(
                                        result,
                                        grid,
                                        identity,
                                        modules,
                                        segments,
                                        options.segmentation())
                                .write();
            }
            if (segmentation != null) {
                objects.add(segmentation);
            }
            SegmentMeshes meshes =
                    new SegmentMeshes(
                            result,
                            options.wants(Content.SURFACES) || options.wants(Content.MODELS)
                                    ? segments
                                    : List.of());
            if (options.wants(Content.SURFACES)) {
                surfaces =
                        new SurfaceSegmentationWriter(
                                        result, modules, segments, meshes, segmentation)
                                .write();
                objects.add(surfaces);
            }
            if (options.wants(Content.MODELS)) {
                objects.addAll(
                        new EncapsulatedStlWriter(result, modules, segments, meshes, segmentation)
                                .write());
            }
        }
        if (options.wants(Content.REPORT)) {
            objects.add(
                    new MeasurementReport(
                                    result,
                                    identity,
                                    modules,
                                    segments,
                                    segmentation,
                                    surfaces,
                                    options,
                                    earlier)
                            .write());
        }
        if (options.wants(Content.PICTURE) || options.wants(Content.DOCUMENT)) {
            BufferedImage page = page(result);
            if (options.wants(Content.PICTURE)) {
                objects.add(new SecondaryCaptureWriter(modules).write(page));
            }
            if (options.wants(Content.DOCUMENT)) {
                objects.add(new EncapsulatedPdfWriter(result, modules).write(page));
            }
        }
        if (options.wants(Content.KEY_OBJECTS) && !objects.isEmpty()) {
            objects.add(new KeyObjectWriter(result, identity, modules).write(objects));
        }
        return List.copyOf(objects);
    }

    /** The page without planes of the scan where no joint was measured. */
    private static BufferedImage page(StudyResult result) {
        try {
            return ResultPicture.render(result, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
