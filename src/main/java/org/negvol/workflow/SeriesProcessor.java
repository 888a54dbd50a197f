package org.negvol.workflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.context.Context;
import jakarta.enterprise.context.ApplicationScoped;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.Arrival;
import org.negvol.archive.RefusedException;
import org.negvol.config.Settings;
import org.negvol.dicom.TransferSyntax;
import org.negvol.report.ResultObject;
import org.negvol.report.ResultObjects;
import org.negvol.report.StudyResult;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Side;
import org.negvol.volume.SliceStack;

/** Walks one stored series through the pipeline and archives what comes out. */
@ApplicationScoped
class SeriesProcessor {

    private final ArchiveIndex index;
    private final Archive archive;
    private final CtImages ctImages;
    private final Jobs jobs;
    private final Networks networks;
    private final ArrivingSlices arriving;
    private final DestinationWishes wishes;
    private final NormalValuesInForce normalValues;
    private final ObjectMapper json;
    private final WorkflowMetrics metrics;
    private final JobTraces traces;
    private final String aeTitle;

    SeriesProcessor(
            ArchiveIndex index,
            Archive archive,
            CtImages ctImages,
            Jobs jobs,
            Networks networks,
            ArrivingSlices arriving,
            DestinationWishes wishes,
            NormalValuesInForce normalValues,
            ObjectMapper json,
            WorkflowMetrics metrics,
            JobTraces traces,
            Settings settings) {
        this.index = index;
        this.archive = archive;
        this.ctImages = ctImages;
        this.jobs = jobs;
        this.networks = networks;
        this.arriving = arriving;
        this.wishes = wishes;
        this.normalValues = normalValues;
        this.json = json;
        this.metrics = metrics;
        this.traces = traces;
        aeTitle = settings.aeTitle();
    }

    /**
     * A result that is archived.
     *
     * @param state how the job ends
     * @param sentence the outcome in words
     * @param json what {@link ResultJson} writes
     * @param made the objects, and who wants which
     * @param images where the series is read again for the picture, which nobody waits for
     */
    record Processed(
            JobState state,
            String sentence,
            String json,
            DestinationWishes.Objects made,
            List<CtImage> images) {}

    /**
     * Processes the series of a job.
     *
     * @return empty if the job was taken away meanwhile
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException if an image cannot be read, or a result not be archived
     */
    Optional<Processed> process(Jobs.Claim claim) throws IOException {
        List<CtImage> images = ctImages.forResults(index.instances(claim.seriesId()));
        StepTimes times = new StepTimes();
        Thread worker = Thread.currentThread();
        Context attempt = Context.current();
        StepListener listener =
                new StepListener() {
                    @Override
                    public void finished(Step step, @Nullable Side side, Duration time) {
                        times.finished(step, side, time);
                        metrics.step(step, time);
                        traces.step(attempt, step, side, time);
                        if (!jobs.change(
                                claim,
                                JobState.PROCESSING,
                                "Being processed; done so far: %s.".formatted(step.meaning()))) {
                            worker.interrupt();
                        }
                    }
                };
        StudyResult result = networks.process(images, arriving.reader(), listener);
        long start = System.nanoTime();
        DestinationWishes.Objects made =
                wishes.objects(result, jobs.earlierReports(claim), jobs.refusing());
        List<ResultObject> objects = made.all();
        if (!jobs.announce(claim, objects)) {
            return Optional.empty();
        }
        for (ResultObject object : objects) {
            store(object);
        }
        listener.finished(
                StepListener.Step.REPORT, null, Duration.ofNanos(System.nanoTime() - start));
        return Optional.of(
                new Processed(
                        JobState.valueOf(ResultJson.state(result.outcome())),
                        result.outcome().sentence(),
                        json.writeValueAsString(
                                ResultJson.of(result, times.entries(), normalValues.get())),
                        made,
                        images));
    }

    /**
     * Makes what a destination may be sent instead of what it refuses. The series is processed once
     * more, since nobody keeps what is rarely asked for.
     *
     * @param claim of a job that has ended
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException if an image cannot be read, or an object not be archived
     */
    void alternatives(Jobs.Claim claim, String destination) throws IOException {
        List<CtImage> images = ctImages.forResults(index.instances(claim.seriesId()));
        StudyResult result = networks.process(images, arriving.reader(), StepListener.NONE);
        List<ResultObject> objects =
                wishes.alternatives(result, jobs.earlierReports(claim), destination);
        for (ResultObject object : jobs.announceMore(claim, objects)) {
            store(object);
        }
        jobs.standBy(claim, destination, objects);
    }

    /** The page with the pictures of a result. */
    @SuppressWarnings("ArrayRecordComponent") // Made and stored; nobody compares it.
    record Page(byte[] png, byte[] pdf) {}

    /**
     * Draws the page of a result.
     *
     * @throws IOException if an image cannot be read
     */
    Page page(Processed processed) throws IOException {
        CtSeries scan =
                SliceStack.of(processed.images().stream().map(CtImage::slice).toList())
                                instanceof SliceStack.Stack stack
                        ? new CtSeries(stack, CtImages.reader(archive))
                        : null;
        ByteArrayOutputStream png = new ByteArrayOutputStream(1 << 20);
        ResultObjects source = processed.made().source();
        BufferedImage picture = source.page(scan);
        ImageIO.write(picture, "png", png);
        return new Page(png.toByteArray(), source.pdf(picture));
    }

    private void store(ResultObject object) throws IOException {
        try {
            archive.store(
                    new Arrival(
                            object.sopClassUid(),
                            object.sopInstanceUid(),
                            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                            aeTitle),
                    object.dataset());
        } catch (RefusedException e) {
            if (Thread.currentThread().isInterrupted()) {
                InterruptedIOException interrupted = new InterruptedIOException(e.getMessage());
                interrupted.initCause(e);
                throw interrupted;
            }
            throw new IOException("A result could not be archived: " + e.getMessage(), e);
        }
    }
}
