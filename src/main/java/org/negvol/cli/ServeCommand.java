package org.negvol.cli;

import picocli.CommandLine.Command;

/**
 * Only for the help: {@link Main} starts the service itself, since Quarkus wants the main thread.
 */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the DICOM node: receives CT series by C-STORE, measures the joints and sends"
                    + " SEG, Surface SEG and SR to the configured destinations.",
            "Ends cleanly on SIGTERM. Configuration: src/main/doc/configuration.md."
        })
final class ServeCommand implements Runnable {

    @Override
    public void run() {
        throw new CommandProblem("serve must be the first argument.");
    }
}
