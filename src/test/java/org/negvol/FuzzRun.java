package org.negvol;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Coverage-guided fuzzing with Jazzer: {@code ./mvnw -Pfuzz}. Arguments: seconds for each target, a
 * folder for what is found, then names of targets (all if none).
 *
 * <p>Jazzer instruments classes up to those of Java 23. The two rooms that read bytes of strangers,
 * their fuzzers and nothing else are compiled for Java 21 here, and run in a process of their own
 * where no JUnit is, which Jazzer would start instead.
 */
final class FuzzRun {

    private static final Pattern EXECUTIONS =
            Pattern.compile("number_of_executed_units:\\s*(\\d+)");
    private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+) ft: (\\d+)");

    private static final List<String> TEST_SOURCES =
            List.of(
                    "dicom/CharacterSetFuzzer",
                    "dicom/CompressedSamples",
                    "dicom/DataSetFuzzer",
                    "dicom/FrameFuzzer",
                    "dicom/SampleImages",
                    "dimse/AssociationFuzzer",
                    "dimse/PduFuzzer",
                    "dimse/RawPeer",
                    "dimse/Sink");

    private FuzzRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = Integer.parseInt(arguments[0]);
        Path folder = Path.of(arguments[1]).toAbsolutePath();
        List<String> names = List.of(arguments).subList(2, arguments.length);
        List<String> jars = jars();
        Path classes = compile(folder, jars);
        int findings = 0;
        System.out.printf(
                "%-20s %12s %10s %10s  %s%n", "target", "executions", "edges", "features", "found");
        for (FuzzTarget target : FuzzTarget.ALL) {
            if (names.isEmpty() || names.contains(target.toString())) {
                findings += run(target, seconds, folder, classes, jars);
            }
        }
        System.exit(findings == 0 ? 0 : 1);
    }

    private static List<String> jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(p -> p.matches(".*(jazzer|jai-imageio|jspecify)[^/\\\\]*\\.jar"))
                .toList();
    }

    private static Path compile(Path folder, List<String> jars) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "--release",
                                "21",
                                "-proc:none",
                                "-nowarn",
                                "-g",
                                "-encoding",
                                "UTF-8",
                                "-d",
                                classes.toString(),
                                "-cp",
                                String.join(File.pathSeparator, jars)));
        for (String room : List.of("dicom", "dimse")) {
            command.addAll(sources(Path.of("src/main/java/org/negvol", room)));
            command.addAll(sources(Path.of("target/generated-sources/negvol/org/negvol", room)));
        }
        TEST_SOURCES.forEach(s -> command.add("src/test/java/org/negvol/" + s + ".java"));
        if (ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, command.toArray(new String[0]))
                != 0) {
            throw new IllegalStateException("the rooms do not compile for Java 21");
        }
        for (String resources : List.of("target/classes", "target/test-classes")) {
            copyResources(Path.of(resources), classes);
        }
        return classes;
    }

    private static List<String> sources(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).filter(f -> f.endsWith(".java")).toList();
        }
    }

    private static void copyResources(Path from, Path to) throws IOException {
        Path rooms = from.resolve("org/negvol/dicom");
        if (!Files.isDirectory(rooms)) {
            return;
        }
        try (Stream<Path> files = Files.walk(rooms)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().endsWith(".class")) {
                    Path copy = to.resolve(from.relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.write(copy, Files.readAllBytes(file));
                }
            }
        }
    }

    /** Returns how many inputs were found that do harm. */
    private static int run(
            FuzzTarget target, int seconds, Path folder, Path classes, List<String> jars)
            throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(target.toString()));
        Path corpus = Files.createDirectories(own.resolve("corpus"));
        int number = 0;
        for (byte[] seed : target.seeds().make()) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        Path log = own.resolve("log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:+EnableDynamicAgentLoading",
                                "-cp",
                                Stream.concat(Stream.of(classes.toString()), jars.stream())
                                        .collect(Collectors.joining(File.pathSeparator)),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=" + target.type().getName(),
                                "--instrumentation_includes=org.negvol.**",
                                "-max_total_time=" + seconds,
                                "-max_len=8192",
                                "-timeout=20",
                                "-rss_limit_mb=3000",
                                "-print_final_stats=1",
                                "-artifact_prefix=" + own + File.separator,
                                corpus.toString())
                        .directory(own.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        process.waitFor();
        String text = Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1);
        List<String> found = found(own);
        System.out.printf(
                "%-20s %12s %10s %10s  %s%n",
                target,
                last(EXECUTIONS, 1, text),
                last(COVERAGE, 1, text),
                last(COVERAGE, 2, text),
                found.isEmpty() ? "nothing" : found);
        return found.size();
    }

    private static List<String> found(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString)
                    .filter(f -> f.matches(".*/(crash|timeout|oom)-[0-9a-f]+"))
                    .sorted()
                    .toList();
        }
    }

    private static String last(Pattern pattern, int group, String text) {
        Matcher matcher = pattern.matcher(text);
        String last = "?";
        while (matcher.find()) {
            last = matcher.group(group);
        }
        return last;
    }
}
