package org.negvol.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import org.negvol.archive.Archive;

/** How much room the archive has. */
@ApplicationScoped
class ArchiveMetrics {

    private final Archive archive;

    ArchiveMetrics(Archive archive) {
        this.archive = archive;
    }

    void start(@Observes StartupEvent event, MeterRegistry metrics) {
        Gauge.builder("negvol.archive.usable", this, ArchiveMetrics::usableBytes)
                .description("Free space where the instances lie, NaN if it cannot be told")
                .baseUnit("bytes")
                .strongReference(true)
                .register(metrics);
    }

    private double usableBytes() {
        try {
            return archive.usableBytes();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
