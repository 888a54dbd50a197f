package org.negvol.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.negvol.config.ConfigurationProblem;
import org.negvol.config.RemoteAe;
import org.negvol.dimse.AssociateOptions;
import org.negvol.node.VerificationScu;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code negvol echo}: asks a node by C-ECHO whether it is there and lets this one in. */
@Command(
        name = "echo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Calls a node by C-ECHO: whether it runs, knows its title and lets the caller in.")
final class EchoCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofSeconds(2);

    @Parameters(
            index = "0",
            paramLabel = "AET@HOST:PORT",
            description = "Who is called, as NEGVOL@localhost:11112.")
    private String target = "";

    @Option(
            names = "--calling",
            paramLabel = "AET",
            defaultValue = "NEGVOL_ECHO",
            description = "The AE title to call with (default: ${DEFAULT-VALUE}).")
    private String calling = "";

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Go on trying for so long (default: one try).")
    private int patienceSeconds;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        RemoteAe remote;
        try {
            remote = RemoteAe.parse("The node", "node", target);
        } catch (ConfigurationProblem e) {
            throw new CommandProblem(String.valueOf(e.getMessage()), e);
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(patienceSeconds).toNanos();
        while (true) {
            long start = System.nanoTime();
            CommandProblem problem = echo(remote);
            if (problem == null) {
                PrintWriter console = spec.commandLine().getOut();
                console.printf(
                        "%s answers %s after %d ms%n",
                        remote, calling, (System.nanoTime() - start) / 1_000_000);
                console.flush();
                return NegvolCommand.DONE;
            }
            if (System.nanoTime() + PAUSE.toNanos() > deadline) {
                throw problem;
            }
            Thread.sleep(PAUSE);
        }
    }

    /** One C-ECHO over an association of its own; null if it succeeded. */
    private @Nullable CommandProblem echo(RemoteAe remote) {
        return VerificationScu.problem(
                        AssociateOptions.to(
                                remote.host(), remote.port(), remote.aeTitle(), calling))
                .map(CommandProblem::new)
                .orElse(null);
    }
}
