package org.negvol.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.negvol.config.ConfigurationProblem;
import org.negvol.config.RemoteAe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code negvol send}: sends the files of a folder by C-STORE. */
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Sends the DICOM files of a folder (searched with all folders below) to a node by"
                        + " C-STORE over one association.")
final class SendCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder with the files.")
    private Path folder = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "AET@HOST:PORT",
            description = "Who gets them, as NEGVOL@localhost:11112.")
    private String target = "";

    @Option(
            names = "--calling",
            paramLabel = "AET",
            defaultValue = "NEGVOL_SEND",
            description = "The AE title to call with (default: ${DEFAULT-VALUE}).")
    private String calling = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter console = spec.commandLine().getOut();
        RemoteAe remote;
        try {
            remote = RemoteAe.parse("The receiver", "receiver", target);
        } catch (ConfigurationProblem e) {
            throw new CommandProblem(String.valueOf(e.getMessage()), e);
        }
        List<FolderSender.Item> items = FolderSender.items(folder);
        Progress progress = new Progress(console, "Sending to " + remote, items.size());
        FolderSender.Report report = FolderSender.send(items, remote, calling, progress::show);
        console.printf("%d of %d files were taken by %s%n", report.sent(), items.size(), remote);
        report.problems().forEach((problem, times) -> console.printf("%d × %s%n", times, problem));
        console.flush();
        return report.sent() == items.size() ? NegvolCommand.DONE : NegvolCommand.PROBLEM;
    }
}
