package org.negvol.workflow;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.negvol.config.Settings;
import org.negvol.segmentation.SegmentationModels;

/**
 * The networks of this process, loaded once. The built-in ones load beside the start, so that the
 * node receives a second or two earlier; others may be unfit, which must end the start.
 */
@ApplicationScoped
class Networks {

    private static final Logger LOG = Logger.getLogger(Networks.class);

    private final Settings settings;
    private final MeterRegistry metrics;
    private final CompletableFuture<SegmentationModels> models = new CompletableFuture<>();

    Networks(Settings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    void start(@Observes @Priority(2500) StartupEvent event) {
        if (settings.workflow().modelsDir().isPresent()) {
            load();
        } else {
            Thread.ofPlatform().name("networks").daemon().start(this::loadOrFail);
        }
    }

    void close(@Observes @Priority(2500) ShutdownEvent event) {
        if (models.isDone() && !models.isCompletedExceptionally()) {
            models.join().close();
        }
    }

    /** Whether they could not be loaded. */
    boolean isBroken() {
        return models.isCompletedExceptionally();
    }

    /** Waits for the networks where they are still being loaded. */
    StudyPipeline pipeline() {
        return new StudyPipeline(BoneFinder.of(models.join()));
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
