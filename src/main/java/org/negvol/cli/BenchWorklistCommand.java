package org.negvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code negvol bench worklist}: how fast the page's requests are answered with many studies. */
@Command(
        name = "worklist",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fills a database with studies, starts a node on it, and asks what the page asks: median"
                    + " and 95th percentile of the answers, and the plans by which PostgreSQL found"
                    + " them.",
            "Ends with 1 if a plan reads the table of instances from its beginning to its end."
        })
final class BenchWorklistCommand implements Callable<Integer> {

    @Option(
            names = "--studies",
            paramLabel = "NUMBER",
            defaultValue = "10000",
            description = "How many studies (default: ${DEFAULT-VALUE}).")
    private int studies;

    @Option(
            names = "--instances",
            paramLabel = "NUMBER",
            defaultValue = "50",
            description = "Instances of each (default: ${DEFAULT-VALUE}).")
    private int instances;

    @Option(
            names = "--runs",
            paramLabel = "NUMBER",
            defaultValue = "21",
            description = "How often each request is made (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("negvol-bench");
            try {
                return measure(folder, spec.commandLine().getOut());
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException | SQLException e) {
            throw new CommandProblem("The bench broke: %s.".formatted(e.getMessage()), e);
        }
    }

    private static Map<String, String> receiver(WorklistDatabase database)
            throws IOException, SQLException {
        Map<String, String> configuration = new HashMap<>(database.configuration());
        configuration.put("negvol.roles", "receiver");
        return configuration;
    }

    private int measure(Path folder, PrintWriter out)
            throws IOException, SQLException, InterruptedException {
        boolean found = true;
        try (WorklistDatabase database = WorklistDatabase.start(folder.resolve("postgresql"));
                BenchNode node = BenchNode.start(folder, BenchNode.HEAP, receiver(database))) {
            long start = System.nanoTime();
            String middle = database.fill(studies, instances);
            out.printf(
                    Locale.ROOT,
                    "%,d studies, %,d instances, filled in %.0f s%n%n%-34s %9s %9s %9s  plan%n",
                    studies,
                    (long) studies * instances,
                    (System.nanoTime() - start) / 1e9,
                    "request",
                    "median",
                    "95 %",
                    "answer");
            out.flush();
            for (Map.Entry<String, String> request : requests(middle).entrySet()) {
                BenchNode.Times times = node.ask(request.getValue(), runs);
                WorklistDatabase.Plan plan =
                        database.explain(() -> node.ask(request.getValue(), 1));
                found &= !plan.readsAll("instance");
                out.printf(
                        Locale.ROOT,
                        "%-34s %6.1f ms %6.1f ms %6.0f kB  %s%n",
                        request.getKey(),
                        times.medianMillis(),
                        times.p95Millis(),
                        times.bytes() / 1e3,
                        plan);
                out.flush();
            }
        }
        return found ? NegvolCommand.DONE : NegvolCommand.PROBLEM;
    }

    private static Map<String, String> requests(String middle) {
        String list = "/api/studies/list?limit=50";
        Map<String, String> requests = new LinkedHashMap<>();
        requests.put("first part of the list", list);
        requests.put("part in the middle", list + "&after=" + middle);
        requests.put("page 150 by its number", "/api/studies?limit=50&offset=7500");
        requests.put("failed", list + "&state=FAILED");
        requests.put("done", list + "&state=DONE");
        requests.put("a patient", list + "&patient=P0004710");
        requests.put("a day", list + "&from=20260301&to=20260301");
        requests.put("an AE that sent few", list + "&ae=RARE");
        requests.put("an AE that sent none", list + "&ae=NOBODY");
        requests.put("a study", "/api/studies/1.2.826.77.4711");
        requests.put("visits of its patient", "/api/studies/1.2.826.77.4711/visits");
        requests.put("cohort of all", "/api/cohort");
        requests.put("QIDO-RS, a patient", "/dicom-web/studies?PatientID=P0004710");
        return requests;
    }
}
