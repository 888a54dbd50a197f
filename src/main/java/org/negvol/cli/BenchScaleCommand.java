package org.negvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.phantom.PhantomScan;
import org.negvol.phantom.PhantomWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code negvol bench scale}: how much more several workers do than one. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a receiver, a gateway and so many workers as processes of their own over one"
                    + " PostgreSQL, sends small studies, and prints how many a minute reach a PACS"
                    + " and what processor time each costs.",
            "More workers than cores gain nothing."
        })
final class BenchScaleCommand implements Callable<Integer> {

    private static final double PIXEL_MM = 0.8;
    private static final double SLICE_MM = 1;
    private static final int OBJECTS_OF_A_STUDY = 3;
    private static final String AE_TITLE = "NEGVOL";
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @Parameters(
            paramLabel = "WORKERS",
            defaultValue = "1 2",
            split = " ",
            description = "Numbers of workers, each a run (default: 1 and 2).")
    private List<Integer> workers = List.of();

    @Option(
            names = "--studies",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "Studies in each run, after one a worker to warm up (default: 20).")
    private int studies;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** What a run gave. */
    private record Run(int workers, double seconds, double cpuSeconds) {}

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        PrintWriter console = spec.commandLine().getOut();
        Path folder = Files.createTempDirectory("negvol-scale");
        try {
            List<Path> slices = slices(folder.resolve("phantom"));
            console.printf(
                    "%d studies of %d slices, %d processors%n%n%8s %12s %14s %16s%n",
                    studies,
                    slices.size(),
                    Runtime.getRuntime().availableProcessors(),
                    "workers",
                    "studies/min",
                    "s from first",
                    "CPU s a study");
            console.flush();
            for (int n : workers) {
                Run run = run(folder.resolve(n + "-workers"), n, slices);
                console.printf(
                        Locale.ROOT,
                        "%8d %12.1f %14.1f %16.2f%n",
                        run.workers(),
                        60 * studies / run.seconds(),
                        run.seconds(),
                        run.cpuSeconds() / studies);
                console.flush();
            }
            return NegvolCommand.DONE;
        } finally {
            Folders.delete(folder);
        }
    }

    private static List<Path> slices(Path folder) throws IOException {
        HeadPhantom phantom = HeadPhantom.of(PhantomParameters.demo());
        return PhantomWriter.write(
                phantom,
                PhantomScan.axial(phantom, PhantomScan.FieldOfView.JOINTS, PIXEL_MM, SLICE_MM, 0),
                folder,
                Runtime.getRuntime().availableProcessors());
    }

    private Run run(Path folder, int workers, List<Path> slices)
            throws IOException, SQLException, InterruptedException {
        Files.createDirectories(folder);
        List<BenchNode> processes = new ArrayList<>();
        try (ReceivingPacs pacs = new ReceivingPacs(folder.resolve("pacs"));
                BenchDatabase database = BenchDatabase.start(folder.resolve("database"))) {
            try {
                Map<String, String> shared = new HashMap<>(database.configuration());
                shared.put(
                        "negvol.destinations.pacs",
                        "%s@127.0.0.1:%d".formatted(ReceivingPacs.AE_TITLE, pacs.port()));
                BenchNode receiver = start(folder, shared, "receiver");
                processes.add(receiver);
                processes.add(start(folder, shared, "gateway"));
                for (int i = 0; i < workers; i++) {
                    processes.add(start(folder, shared, "worker"));
                }
                Set<String> all = new HashSet<>();
                deliver(receiver, pacs, slices, workers, all);
                double cpu = cpuSeconds(processes);
                long start = System.nanoTime();
                deliver(receiver, pacs, slices, studies, all);
                return new Run(
                        workers, (System.nanoTime() - start) / 1e9, cpuSeconds(processes) - cpu);
            } finally {
                processes.forEach(BenchNode::close);
            }
        }
    }

    private static BenchNode start(Path folder, Map<String, String> shared, String role)
            throws IOException, InterruptedException {
        Map<String, String> configuration = new HashMap<>(shared);
        configuration.put("negvol.roles", role);
        return BenchNode.start(folder, BenchNode.HEAP, configuration);
    }

    /** Sends studies and waits until the PACS has the results of all that were ever sent. */
    private static void deliver(
            BenchNode receiver, ReceivingPacs pacs, List<Path> slices, int studies, Set<String> all)
            throws IOException, InterruptedException {
        for (int i = 0; i < studies; i++) {
            all.add(NewStudy.send(slices, receiver.dimsePort(), AE_TITLE, 0).studyInstanceUid());
        }
        if (!pacs.await(got -> got.size() >= OBJECTS_OF_A_STUDY * all.size(), PATIENCE)) {
            throw new CommandProblem(
                    "After %s the PACS has %d objects of %d studies; the logs are gone with the"
                                    .formatted(PATIENCE, pacs.received().size(), all.size())
                            + " bench's folder, so try it with fewer studies.");
        }
    }

    private static double cpuSeconds(List<BenchNode> processes) {
        return processes.stream().mapToDouble(BenchNode::cpuSeconds).sum();
    }
}
