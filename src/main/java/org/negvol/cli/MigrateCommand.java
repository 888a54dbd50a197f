package org.negvol.cli;

import io.quarkus.runtime.QuarkusApplication;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code negvol migrate}: the database's schema alone. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Brings the schema of the database up to date and ends.",
            "Every start of the service does so too; where several processes run, this does it"
                    + " before the first of them is replaced. Its configuration is that of the"
                    + " service."
        })
final class MigrateCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        return ServiceRun.of(Application.class, ServiceRun.NOTHING_BUT_THE_DATABASE);
    }

    /** The start has done it. */
    static class Application implements QuarkusApplication {
        @Override
        public int run(String @Nullable ... arguments) {
            return NegvolCommand.DONE;
        }
    }
}
