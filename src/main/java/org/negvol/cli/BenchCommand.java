package org.negvol.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code negvol bench}: the parent of all measurements of speed and memory. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures speed and memory on this machine.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            BenchStudyCommand.class,
            BenchNodeCommand.class,
            BenchSurfacesCommand.class,
            BenchReceiveCommand.class,
            BenchReportCommand.class,
            BenchWorklistCommand.class,
            BenchScaleCommand.class
        })
final class BenchCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what to measure is missing");
    }
}
