package org.negvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code negvol demo}: the whole way, from a scanner's C-STORE to the results in a PACS, on one
 * machine and in one process.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts the node and a small receiving PACS on free ports of this machine, sends a head"
                    + " phantom with known joint spaces through them, and shows what comes back"
                    + " beside what is known.",
            "With --input, the DICOM files of a folder take the phantom's place."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the results arrived",
            "1:a problem, said in one sentence",
            "3:the scan shows nothing that can be measured; the reason arrived"
        })
final class DemoCommand implements Callable<Integer> {

    /** The demonstration that the node which starts on this thread is for. */
    static final ScopedValue<Demonstration> CURRENT = ScopedValue.newInstance();

    /** Marks a folder as one the demonstration may empty. */
    private static final String MARK = ".negvol-demo";

    @Option(
            names = "--input",
            paramLabel = "FOLDER",
            description = "DICOM files to send instead of the phantom.")
    private @Nullable Path input;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "negvol-demo",
            description =
                    "Where scan, results and the node's data are put (default: ${DEFAULT-VALUE});"
                            + " an earlier demonstration there is replaced.")
    private Path out = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter console = spec.commandLine().getOut();
        Path folder = out.toAbsolutePath().normalize();
        emptied(folder);
        try (ReceivingPacs pacs = new ReceivingPacs(folder.resolve("results"));
                Demonstration demonstration = new Demonstration(input, folder, pacs, console)) {
            return ScopedValue.where(CURRENT, demonstration)
                    .call(() -> ServiceRun.of(DemoApplication.class, configuration(folder, pacs)));
        } catch (IOException e) {
            throw new CommandProblem(
                    "The receiving PACS cannot start: %s.".formatted(CommandProblem.reason(e)), e);
        }
    }

    private static Map<String, String> configuration(Path folder, ReceivingPacs pacs) {
        return Map.ofEntries(
                Map.entry("negvol.data-dir", folder.resolve("node").toString()),
                Map.entry("negvol.dimse.port", "0"),
                Map.entry("negvol.dimse.bind-address", "127.0.0.1"),
                Map.entry(
                        "negvol.destinations.demo",
                        "%s@127.0.0.1:%d".formatted(ReceivingPacs.AE_TITLE, pacs.port())),
                Map.entry("quarkus.http.port", "0"),
                Map.entry("quarkus.http.host", "127.0.0.1"),
                Map.entry("quarkus.log.console.level", "ERROR"),
                Map.entry("quarkus.log.file.enabled", "true"),
                Map.entry("quarkus.log.file.json.enabled", "false"),
                Map.entry("quarkus.log.file.path", folder.resolve("node.log").toString()));
    }

    private static void emptied(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> inside = Files.list(folder)) {
                    if (inside.findAny().isPresent() && !Files.exists(folder.resolve(MARK))) {
                        throw new CommandProblem(
                                "%s holds other files; name a new folder with --out."
                                        .formatted(folder));
                    }
                }
                Folders.delete(folder);
            }
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(MARK), "");
        } catch (IOException e) {
            throw new CommandProblem(
                    "The folder %s cannot be used: %s.".formatted(folder, CommandProblem.reason(e)),
                    e);
        }
    }
}
