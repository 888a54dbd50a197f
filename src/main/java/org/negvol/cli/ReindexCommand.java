package org.negvol.cli;

import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Reconciliation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code negvol reindex}: makes the database's index agree with the object store. */
@Command(
        name = "reindex",
        mixinStandardHelpOptions = true,
        description = {
            "Takes every instance of the archive into the database that the database does not know,"
                    + " and names those that it knows and the archive does not have.",
            "With an empty database this rebuilds the index from the archive alone. Its"
                    + " configuration is that of the service; with a database of your own the"
                    + " service may run meanwhile.",
            "Exit code 1 if an object could not be used or is missing."
        })
final class ReindexCommand implements Callable<Integer> {

    private static final ScopedValue<PrintWriter> CONSOLE = ScopedValue.newInstance();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return ScopedValue.where(CONSOLE, spec.commandLine().getOut())
                .call(() -> ServiceRun.of(Application.class, ServiceRun.NOTHING_BUT_THE_DATABASE));
    }

    /** What runs once the service has started. */
    static class Application implements QuarkusApplication {

        private final Reconciliation reconciliation;

        @Inject
        Application(Reconciliation reconciliation) {
            this.reconciliation = reconciliation;
        }

        @Override
        public int run(String @Nullable ... arguments) throws Exception {
            PrintWriter console = CONSOLE.get();
            Reconciliation.Found found = reconciliation.indexUnknown();
            console.printf(
                    "%d objects in the archive: %d were not in the database and are now, %d cannot be"
                            + " used.%n",
                    found.objects(), found.indexed(), found.unusable());
            long[] missing = {0};
            reconciliation.forEachMissing(
                    uid -> {
                        missing[0]++;
                        console.printf("missing in the archive: instance %s%n", uid);
                    });
            console.printf("%d instances of the database are missing there.%n", missing[0]);
            console.flush();
            return found.unusable() + missing[0] == 0 ? NegvolCommand.DONE : NegvolCommand.PROBLEM;
        }
    }
}
