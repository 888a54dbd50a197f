package org.negvol.workflow;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.config.Settings;
import org.negvol.segmentation.SegmentationModels;

/** The networks of this process, loaded once at start. */
@ApplicationScoped
class Networks {

    private static final Logger LOG = Logger.getLogger(Networks.class);

    private final Settings settings;
    private final MeterRegistry metrics;
    private @Nullable SegmentationModels models;
    private @Nullable StudyPipeline pipeline;

    Networks(Settings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    void load(@Observes @Priority(2500) StartupEvent event) {
        SegmentationModels loaded =
                SegmentationModels.load(settings.workflow().modelsDir().orElse(null));
        models = loaded;
        pipeline = new StudyPipeline(BoneFinder.of(loaded));
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
    }

    void close(@Observes @Priority(2500) ShutdownEvent event) {
        if (models != null) {
            models.close();
        }
    }

    StudyPipeline pipeline() {
        StudyPipeline loaded = pipeline;
        if (loaded == null) {
            throw new IllegalStateException("the networks are not loaded yet");
        }
        return loaded;
    }
}
