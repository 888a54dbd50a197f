package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.negvol.config.Settings;

/** Ready to work: jobs and deliveries are being looked for, and the networks can be used. */
@Readiness
@ApplicationScoped
class WorkflowReadiness implements HealthCheck {

    private final Processing processing;
    private final Deliveries deliveries;
    private final Networks networks;
    private final Settings settings;

    WorkflowReadiness(
            Processing processing, Deliveries deliveries, Networks networks, Settings settings) {
        this.settings = settings;
        this.processing = processing;
        this.deliveries = deliveries;
        this.networks = networks;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("Workflow")
                .status(
                        (processing.isRunning() || !settings.has(Settings.Role.WORKER))
                                && (deliveries.isRunning() || !settings.has(Settings.Role.GATEWAY))
                                && !networks.isBroken())
                .withData("processing", processing.isRunning())
                .withData("deliveries", deliveries.isRunning())
                .withData("networks", !networks.isBroken())
                .build();
    }
}
