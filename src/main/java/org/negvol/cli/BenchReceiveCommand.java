package org.negvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.negvol.dimse.AssociateOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code negvol bench receive}: how fast images are taken, by this node and by others that are
 * installed, from the same sender on the same machine in the same run.
 */
@Command(
        name = "receive",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends CT images over the loopback to the node, with and without fsync, and to DCMTK"
                    + " and Orthanc where they are installed, and prints the rates and their"
                    + " ratios.",
            "Figures of one run compare with each other; those of a busy machine with nothing else."
        })
final class BenchReceiveCommand implements Callable<Integer> {

    private static final int SMALL_SIZE = 64;
    private static final int MANY = 4;
    private static final int ECHOES = 200;

    /** As many as the node takes unless told otherwise. */
    private static final int CROWD = 50;

    @Option(
            names = "--images",
            paramLabel = "NUMBER",
            defaultValue = "200",
            description = "Images sent in each run (default: ${DEFAULT-VALUE}).")
    private int images;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            defaultValue = "512",
            description = "Rows and columns of an image (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--small",
            paramLabel = "NUMBER",
            defaultValue = "1000",
            description = "Images of 64 rows and columns in each run (default: ${DEFAULT-VALUE}).")
    private int small;

    @Option(
            names = "--rounds",
            paramLabel = "NUMBER",
            defaultValue = "3",
            description =
                    "How often each run is done, receivers by turns; medians are printed (default:"
                            + " ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "How long each receiver is sent to before anything counts, since a node runs"
                            + " for months and Java compiles what it has run for a while (default:"
                            + " ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(
            names = "--window",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description =
                    "Operations that each association asks to have outstanding at a time; receivers"
                            + " that grant no window answer one at a time (default:"
                            + " ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--only",
            paramLabel = "RECEIVER",
            split = ",",
            description =
                    "Receivers to measure: network, storescp, dcmqrscp, orthanc, negvol-no-fsync,"
                            + " negvol (default: all).")
    private List<String> only = List.of();

    @Option(
            names = "--work",
            paramLabel = "FOLDER",
            description =
                    "Where receivers write (default: a temporary folder); its disk is measured.")
    private @Nullable Path work;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** What was measured of one receiver. */
    private record Rates(
            String name,
            double oneMegabytesPerSecond,
            double manyMegabytesPerSecond,
            double smallPerSecond,
            double echoSeconds,
            double oneFileMegabytesPerSecond,
            double manyFilesMegabytesPerSecond,
            Optional<Long> crowdMegabytes) {}

    @Override
    public Integer call() {
        if (window < 1 || window > 0xffff) {
            throw new ParameterException(spec.commandLine(), "--window must be 1 to 65535.");
        }
        if (rounds < 1 || warmUpSeconds < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--rounds must be 1 or more and --warm-up 0 or more.");
        }
        List<BenchReceiver.Kind> kinds = BenchReceiver.kinds();
        List<String> ids = kinds.stream().map(BenchReceiver.Kind::id).toList();
        for (String id : only) {
            if (!ids.contains(id)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--only knows %s, not \"%s\".".formatted(String.join(", ", ids), id));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            Path folder = Files.createTempDirectory(workFolder(), "negvol-bench");
            try {
                measure(
                        kinds.stream()
                                .filter(k -> only.isEmpty() || only.contains(k.id()))
                                .toList(),
                        folder,
                        out);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new CommandProblem("The bench broke: %s.".formatted(CommandProblem.reason(e)), e);
        }
        return NegvolCommand.DONE;
    }

    private Path workFolder() throws IOException {
        Path there = work;
        return there == null
                ? Path.of(System.getProperty("java.io.tmpdir"))
                : Files.createDirectories(there);
    }

    private void measure(List<BenchReceiver.Kind> kinds, Path folder, PrintWriter out)
            throws IOException {
        BenchLoad large = new BenchLoad(size);
        double megabytes = images * large.bytes() / 1e6;
        out.printf(
                Locale.ROOT,
                "%d images of %d x %d, %.0f MB; medians of %d. Between the runs the same bytes are"
                        + " written to the same disk: \"one file\" forced once, \"a file each\" forced"
                        + " each before the next, as one association has it.%n%n",
                images,
                size,
                size,
                megabytes,
                rounds);
        out.printf(
                Locale.ROOT,
                "%-30s %12s %12s %12s %12s %12s %12s %12s%n",
                "receiver",
                "1 assoc.",
                MANY + " assoc.",
                "small, " + MANY,
                ECHOES + " echoes",
                "one file",
                "a file each",
                "memory, " + CROWD);
        out.flush();
        List<Candidate> candidates = new ArrayList<>();
        try {
            for (BenchReceiver.Kind kind : kinds) {
                start(kind, folder.resolve(kind.id()), out).ifPresent(candidates::add);
            }
            BenchLoad few = new BenchLoad(SMALL_SIZE);
            forEach(candidates, out, c -> warmUp(c.receiver, large, few));
            for (int round = 0; round < rounds; round++) {
                forEach(
                        candidates,
                        out,
                        c -> c.rounds.add(round(c.receiver, large, few, folder.resolve("files"))));
            }
            List<Rates> all = new ArrayList<>();
            forEach(
                    candidates,
                    out,
                    c -> {
                        Rates rates = rates(c, large);
                        all.add(rates);
                        print(rates, out);
                    });
            ratios(all, out);
            out.flush();
        } finally {
            candidates.forEach(c -> c.receiver.close());
        }
    }

    /**
     * A receiver and what was measured of it so far.
     *
     * @param rounds in each of them, in the order of the table
     */
    private record Candidate(BenchReceiver receiver, List<double[]> rounds) {}

    private interface Step {
        void take(Candidate candidate) throws IOException;
    }

    private static Optional<Candidate> start(BenchReceiver.Kind kind, Path folder, PrintWriter out)
            throws IOException {
        if (kind.missing().isPresent()) {
            out.printf("%-30s %s%n", kind.name(), kind.missing().get());
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Candidate(kind.start(Files.createDirectories(folder)), new ArrayList<>()));
        } catch (IOException e) {
            out.printf("%-30s %s%n", kind.name(), CommandProblem.reason(e));
            return Optional.empty();
        }
    }

    /** All by turns; who fails is told of and left out from then on. */
    private static void forEach(List<Candidate> candidates, PrintWriter out, Step step) {
        for (Candidate candidate : List.copyOf(candidates)) {
            try {
                step.take(candidate);
            } catch (IOException e) {
                out.printf("%-30s %s%n", candidate.receiver.name(), CommandProblem.reason(e));
                candidates.remove(candidate);
                candidate.receiver.close();
            }
            out.flush();
        }
    }

    private void warmUp(BenchReceiver receiver, BenchLoad large, BenchLoad few) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
        do {
            few.send(call(receiver), small, MANY);
            large.send(call(receiver), images, MANY);
        } while (System.nanoTime() < end);
    }

    private double[] round(BenchReceiver receiver, BenchLoad large, BenchLoad few, Path files)
            throws IOException {
        double megabytes = images * large.bytes() / 1e6;
        return new double[] {
            megabytes / large.send(call(receiver), images, 1),
            megabytes / large.send(call(receiver), images, MANY),
            small / few.send(call(receiver), small, MANY),
            BenchLoad.echo(receiver.call(), ECHOES),
            megabytes / large.writeFiles(files, images, images),
            megabytes / large.writeFiles(files, images, 1)
        };
    }

    private Rates rates(Candidate candidate, BenchLoad large) throws IOException {
        List<double[]> all = candidate.rounds;
        return new Rates(
                candidate.receiver.name(),
                median(all, 0),
                median(all, 1),
                median(all, 2),
                median(all, 3),
                median(all, 4),
                median(all, 5),
                crowd(candidate.receiver, large));
    }

    private AssociateOptions call(BenchReceiver receiver) {
        return receiver.call().withWindow(window);
    }

    private static double median(List<double[]> rounds, int column) {
        double[] sorted = rounds.stream().mapToDouble(r -> r[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Memory above that before, while many send at the same time; empty if that is not known. */
    private Optional<Long> crowd(BenchReceiver receiver, BenchLoad large) throws IOException {
        Optional<Long> idle = receiver.residentMegabytes();
        if (idle.isEmpty()) {
            return idle;
        }
        receiver.forgetPeak();
        try {
            large.send(call(receiver), 2 * CROWD, CROWD);
        } catch (IOException e) {
            // Some take fewer at a time.
            return Optional.empty();
        }
        return receiver.peakMegabytes().map(peak -> peak - idle.get());
    }

    private static void print(Rates r, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%-30s %7.0f MB/s %7.0f MB/s %10.0f/s %10.2f s %7.0f MB/s %7.0f MB/s %12s%n",
                r.name(),
                r.oneMegabytesPerSecond(),
                r.manyMegabytesPerSecond(),
                r.smallPerSecond(),
                r.echoSeconds(),
                r.oneFileMegabytesPerSecond(),
                r.manyFilesMegabytesPerSecond(),
                r.crowdMegabytes().map(m -> "+" + m + " MB").orElse("-"));
    }

    private static void ratios(List<Rates> all, PrintWriter out) {
        Rates durable = find(all, "negvol");
        Rates fast = find(all, "negvol, no fsync");
        out.println();
        if (durable != null) {
            out.printf(
                    Locale.ROOT,
                    "negvol to one forced file: %.2f (1 association), %.2f (%d); to a forced file"
                            + " each: %.2f, %.2f%n",
                    durable.oneMegabytesPerSecond() / durable.oneFileMegabytesPerSecond(),
                    durable.manyMegabytesPerSecond() / durable.oneFileMegabytesPerSecond(),
                    MANY,
                    durable.oneMegabytesPerSecond() / durable.manyFilesMegabytesPerSecond(),
                    durable.manyMegabytesPerSecond() / durable.manyFilesMegabytesPerSecond());
        }
        if (fast == null) {
            return;
        }
        for (Rates other : all) {
            if (!other.name().startsWith("negvol")) {
                out.printf(
                        Locale.ROOT,
                        "negvol without fsync to %s: %.2f (1 association), %.2f (%d), %.2f"
                                + " (small)%n",
                        other.name(),
                        fast.oneMegabytesPerSecond() / other.oneMegabytesPerSecond(),
                        fast.manyMegabytesPerSecond() / other.manyMegabytesPerSecond(),
                        MANY,
                        fast.smallPerSecond() / other.smallPerSecond());
            }
        }
    }

    private static @Nullable Rates find(List<Rates> all, String name) {
        return all.stream().filter(r -> r.name().equals(name)).findFirst().orElse(null);
    }
}
