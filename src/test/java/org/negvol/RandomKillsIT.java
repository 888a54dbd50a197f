package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scanner sends studies while the node, its database server or a connection of it is killed at
 * random moments. The long run is a command of its own: {@code ./mvnw verify
 * -Dtest=ArchitectureTest -Dit.test=RandomKillsIT -Dnegvol.kills=50 -Dnegvol.kills.studies=20};
 * {@code -Dnegvol.kills.seed} repeats a run's choices, as far as time can be repeated.
 */
class RandomKillsIT {

    private static final int KILLS = Integer.getInteger("negvol.kills", 3);
    private static final int STUDIES = Integer.getInteger("negvol.kills.studies", 3);
    private static final long SEED = Long.getLong("negvol.kills.seed", System.nanoTime());

    /** So many studies have one whole head among them; the others are localizers. */
    private static final int STUDIES_PER_HEAD = 4;

    /** Long enough for a start, some reception and some processing; short enough to hit all. */
    private static final int MOST_MILLIS_BETWEEN_KILLS = 12_000;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Set<String> ENDED = Set.of("DONE", "DEGRADED", "NOT_APPLICABLE");

    @TempDir Path folder;

    /** Null while there is none. */
    private volatile @Nullable NodeProcess node;

    private volatile boolean gaveUp;

    @Test
    void whateverIsKilledNothingAcknowledgedIsLostAndEveryStudyHasItsResultOnce() throws Exception {
        System.out.printf("RandomKillsIT: %d kills, %d studies, seed %d%n", KILLS, STUDIES, SEED);
        Random random = new Random(SEED);
        List<PhantomStudy> studies = studies();
        Set<String> acknowledged = new ConcurrentSkipListSet<>();
        List<String> kills = new ArrayList<>();
        try (ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"))) {
            Map<String, String> configuration =
                    Map.of(
                            "negvol.destinations.pacs",
                            pacs.address(),
                            "negvol.workflow.quiet-period",
                            "3s",
                            "negvol.workflow.max-attempts",
                            Integer.toString(KILLS + 5),
                            "negvol.workflow.retry-delay",
                            "500ms",
                            "negvol.workflow.retry-delay-limit",
                            "2s");
            Thread scanner = Thread.ofPlatform().start(() -> sendAll(studies, acknowledged));
            try {
                node = NodeProcess.start(folder, configuration);
                for (int i = 0; i < KILLS; i++) {
                    Thread.sleep(random.nextInt(MOST_MILLIS_BETWEEN_KILLS));
                    kills.add(kill(random.nextInt(4), configuration));
                }
                scanner.join(PATIENCE);
                assertThat(scanner.isAlive()).as("the scanner is done").isFalse();
                check(studies, acknowledged, pacs);
            } finally {
                gaveUp = true;
                if (node != null) {
                    node.close();
                }
                System.out.printf("RandomKillsIT: killed %s%n", summary(kills));
            }
        }
    }

    private List<PhantomStudy> studies() throws IOException {
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        List<PhantomStudy> studies = new ArrayList<>();
        for (int n = 1; n <= STUDIES; n++) {
            Path to = folder.resolve("study" + n);
            studies.add(n % STUDIES_PER_HEAD == 1 ? phantom.copy(to, n) : phantom.localizer(to, n));
        }
        return studies;
    }

    private String kill(int what, Map<String, String> configuration) throws IOException {
        NodeProcess victim = node;
        if (what == 0 && victim.killDatabase(true)) {
            return "database server";
        }
        if (what == 1 && victim.killDatabase(false)) {
            return "database connection";
        }
        node = null;
        victim.kill();
        node = NodeProcess.start(folder, configuration);
        return "node";
    }

    /** As a scanner does: what was not acknowledged is sent again, study by study. */
    private void sendAll(List<PhantomStudy> studies, Set<String> acknowledged) {
        for (PhantomStudy study : studies) {
            List<Path> left = new ArrayList<>(study.files());
            while (!left.isEmpty() && !gaveUp) {
                NodeProcess to = node;
                if (to != null) {
                    left = send(to, left, acknowledged);
                }
                pause();
            }
        }
    }

    private static List<Path> send(NodeProcess to, List<Path> files, Set<String> acknowledged) {
        try (Sender scanner = new Sender(to.dimsePort())) {
            Optional<IOException> broken = scanner.send(files);
            acknowledged.addAll(scanner.acknowledged());
            if (broken.isEmpty() && scanner.acknowledged().size() == files.size()) {
                return List.of();
            }
            Set<String> done = Set.copyOf(scanner.acknowledged());
            return files.stream().filter(f -> !done.contains(RealScans.uid(f))).toList();
        } catch (IOException nobodyAnswers) {
            return files;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(List<PhantomStudy> studies, Set<String> acknowledged, ResultReceiver pacs)
            throws IOException, InterruptedException {
        Set<String> sent = new TreeSet<>();
        for (PhantomStudy study : studies) {
            JsonNode json = node.awaitStudy(study.uid(), PATIENCE, s -> isDelivered(s, study));
            assertThat(json.path("state").asText()).isIn(ENDED);
            for (JsonNode object : currentJob(json, study).path("objects")) {
                String uid = object.path("sopInstanceUid").asText();
                assertThat(pacs.stores()).as("%s of %s", object, study.uid()).containsKey(uid);
            }
            study.files().forEach(f -> sent.add(RealScans.uid(f)));
        }
        assertThat(acknowledged).isEqualTo(sent);
        assertThat(stored()).containsAll(acknowledged);
        assertThat(NodeProcess.temporaryFiles(folder)).isEmpty();
        Validators.assertValid(
                studies.stream()
                        .flatMap(s -> pacs.byKind(s.uid()).values().stream())
                        .collect(Collectors.toList()));
    }

    /** Whether all images were taken into account and every object of that result has arrived. */
    private static boolean isDelivered(JsonNode json, PhantomStudy study) {
        JsonNode job = currentJob(json, study);
        return ENDED.contains(job.path("state").asText())
                && !job.path("objects").isEmpty()
                && job.findValues("deliveries").stream()
                        .allMatch(
                                d ->
                                        d.size() == 1
                                                && d.path(0)
                                                        .path("state")
                                                        .asText()
                                                        .equals("DELIVERED"));
    }

    private static JsonNode currentJob(JsonNode json, PhantomStudy study) {
        assertThat(json.path("series")).hasSize(1);
        List<JsonNode> current = new ArrayList<>();
        for (JsonNode job : json.path("series").path(0).path("jobs")) {
            if (!job.path("state").asText().equals("SUPERSEDED")
                    && job.path("instances").asInt() == study.files().size()) {
                current.add(job);
            }
        }
        assertThat(current).as("current jobs of %s", study.uid()).hasSizeLessThanOrEqualTo(1);
        return current.isEmpty() ? MissingNode.getInstance() : current.getFirst();
    }

    private Set<String> stored() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("data/archive/instances"))) {
            return all.filter(Files::isRegularFile)
                    .map(RealScans::uid)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Map<String, Long> summary(List<String> kills) {
        return kills.stream().collect(Collectors.groupingBy(k -> k, Collectors.counting()));
    }
}
