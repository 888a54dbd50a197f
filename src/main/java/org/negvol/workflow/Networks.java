package org.negvol.workflow;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;
import org.negvol.config.Settings;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.SliceReader;

/**
 * The networks of this process, loaded once. The built-in ones load beside the start, so that the
 * node receives a second or two earlier; others may be unfit, which must end the start.
 */
@ApplicationScoped
class Networks {

    private static final Logger LOG = Logger.getLogger(Networks.class);

    /** An interrupted pipeline ends its step first. */
    private static final int LAST_STEP_SECONDS = 60;

    private final Settings settings;
    private final MeterRegistry metrics;
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
    private final CompletableFuture<SegmentationModels> models = new CompletableFuture<>();

    Networks(Settings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    void start(@Observes @Priority(2500) StartupEvent event) {
        if (!settings.has(Settings.Role.WORKER)) {
            return;
        }
        if (settings.workflow().modelsDir().isPresent()) {
            load();
        } else {
            Thread.ofPlatform().name("networks").daemon().start(this::loadOrFail);
        }
    }

    /** Not under those who still use them, nor while they are being loaded: both would crash. */
    void close(@Observes @Priority(2500) ShutdownEvent event) throws InterruptedException {
        if (settings.has(Settings.Role.WORKER)
                && !isBroken()
                && inUse.writeLock().tryLock(LAST_STEP_SECONDS, TimeUnit.SECONDS)) {
            models.join().close();
        }
    }

    /** Whether they could not be loaded. */
    boolean isBroken() {
        return models.isCompletedExceptionally();
    }

    /** Which they are; none while they are being loaded or cannot be. */
    List<ModelIdentity> identities() {
        return models.isDone() && !isBroken() ? models.join().identities() : List.of();
    }

    /** Spacing of the grid on which the joints are looked for; waits for the networks. */
    double overviewSpacingMm() {
        return models.join().localizer().overviewSpacingMm();
    }

    /**
     * Walks a series through the pipeline; waits for the networks where they are being loaded.
     *
     * @see StudyPipeline#process
     */
    StudyResult process(List<CtImage> images, SliceReader reader, StepListener listener)
            throws IOException {
        inUse.readLock().lock();
        try {
            return new StudyPipeline(BoneFinder.of(models.join()))
                    .process(images, reader, listener);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private void loadOrFail() {
        try {
            load();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("The networks cannot be loaded; no series can be processed", e);
            models.completeExceptionally(e);
        }
    }

    private void load() {
        SegmentationModels loaded =
                SegmentationModels.load(settings.workflow().modelsDir().orElse(null));
        loaded.identities()
                .forEach(
                        m -> {
                            LOG.infof(
                                    "Network %s %s, SHA-256 %s",
                                    m.name(), m.version(), m.sha256().substring(0, 12));
                            Gauge.builder("negvol.model.info", () -> 1)
                                    .description("The networks in use; always 1")
                                    .tags(
                                            "name",
                                            m.name(),
                                            "version",
                                            m.version(),
                                            "sha256",
                                            m.sha256())
                                    .register(metrics);
                        });
        models.complete(loaded);
    }
}
