package org.negvol.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs the service for the time of a command. */
final class ServiceRun {

    /** For commands that only need what is in database and archive. */
    static final Map<String, String> NOTHING_BUT_THE_DATABASE =
            Map.of(
                    "negvol.roles", "none",
                    "quarkus.http.port", "0",
                    "quarkus.http.host", "127.0.0.1",
                    "quarkus.log.console.level", "WARN");

    private ServiceRun() {}

    /**
     * Starts the service, runs the application in it, and stops it.
     *
     * @param configuration keys that the command needs to be so
     * @return the application's exit code
     * @throws CommandProblem if the application threw one
     */
    static int of(
            Class<? extends QuarkusApplication> application, Map<String, String> configuration) {
        configuration.forEach(System::setProperty);
        AtomicInteger exit = new AtomicInteger(NegvolCommand.PROBLEM);
        Quarkus.run(application, (code, error) -> exit.set(ended(code, error)));
        return exit.get();
    }

    private static int ended(int code, @Nullable Throwable error) {
        if (error instanceof CommandProblem problem) {
            throw problem;
        }
        if (error != null) {
            throw new IllegalStateException("the service did not start", error);
        }
        return code;
    }
}
