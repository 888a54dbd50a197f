package org.negvol.cli;

import java.io.PrintWriter;
import org.negvol.workflow.PipelineVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code negvol}: the parent of all commands. */
@Command(
        name = "negvol",
        mixinStandardHelpOptions = true,
        versionProvider = NegvolCommand.Version.class,
        description =
                "Measures the negative volume of the temporomandibular joints: the space between"
                        + " condyle and temporal bone.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Without a command the service starts, as with 'serve'; its configuration is in"
                    + " src/main/doc/configuration.md.",
            "'negvol help COMMAND' tells more of a command."
        },
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            PhantomCommand.class,
            SendCommand.class,
            EchoCommand.class,
            ProcessCommand.class,
            EvaluateCommand.class,
            DeidentifyCommand.class,
            MigrateCommand.class,
            ReindexCommand.class,
            BenchCommand.class,
            HelpCommand.class
        })
final class NegvolCommand implements Runnable {

    /** Exit code when the command did what was asked. */
    static final int DONE = 0;

    /** Exit code when it could not; one sentence on the error stream says why. */
    static final int PROBLEM = 1;

    /** Exit code when the arguments make no sense. */
    static final int USAGE = 2;

    /** Exit code when the scan shows nothing that can be measured. */
    static final int NOT_APPLICABLE = 3;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Runs one command and returns its exit code. */
    static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new NegvolCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExitCodeExceptionMapper(e -> PROBLEM);
        line.setExecutionExceptionHandler(
                (e, commandLine, parsed) -> {
                    PrintWriter err = commandLine.getErr();
                    if (e instanceof CommandProblem) {
                        err.println("negvol: " + e.getMessage());
                    } else {
                        err.println("negvol: an error of its own:");
                        e.printStackTrace(err);
                    }
                    err.flush();
                    return PROBLEM;
                });
        line.setParameterExceptionHandler(
                (e, args) -> {
                    PrintWriter err = e.getCommandLine().getErr();
                    err.println("negvol: " + e.getMessage());
                    err.println(
                            "Try '%s --help'."
                                    .formatted(
                                            e.getCommandLine().getCommandSpec().qualifiedName()));
                    err.flush();
                    return USAGE;
                });
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"negvol " + PipelineVersion.CURRENT};
        }
    }
}
