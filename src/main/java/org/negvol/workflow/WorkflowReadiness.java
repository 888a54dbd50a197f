package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready to work: jobs and deliveries are being looked for, and the networks can be used. */
@Readiness
@ApplicationScoped
class WorkflowReadiness implements HealthCheck {

    private final Processing processing;
    private final Deliveries deliveries;
    private final Networks networks;

    WorkflowReadiness(Processing processing, Deliveries deliveries, Networks networks) {
        this.processing = processing;
        this.deliveries = deliveries;
        this.networks = networks;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("Workflow")
                .status(processing.isRunning() && deliveries.isRunning() && !networks.isBroken())
                .withData("processing", processing.isRunning())
                .withData("deliveries", deliveries.isRunning())
                .withData("networks", !networks.isBroken())
                .build();
    }
}
