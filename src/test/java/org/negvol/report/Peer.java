package org.negvol.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A validator of somebody else's that reads what negvol writes; tests skip where it is missing. */
record Peer(List<String> command) {

    /** What a peer said. */
    record Answer(int exitStatus, List<String> lines) {

        List<String> startingWith(String prefix) {
            return lines.stream().filter(l -> l.startsWith(prefix)).toList();
        }

        String text() {
            return String.join("\n", lines);
        }
    }

    /** A program on the search path of Debian's packages. */
    static Peer program(String name) {
        Path path = Path.of("/usr/bin", name);
        assumeTrue(Files.isExecutable(path), name + " is not installed");
        return new Peer(List.of(path.toString()));
    }

    /** PixelMed's DicomSRValidator (Debian's libpixelmed-java). */
    static Peer pixelMed() {
        Path jars = Path.of("/usr/share/java");
        assumeTrue(Files.exists(jars.resolve("pixelmed.jar")), "libpixelmed-java is not installed");
        List<String> classpath = new ArrayList<>();
        for (String jar :
                List.of("pixelmed", "pixelmed_imageio", "javax.json", "commons-codec", "hsqldb")) {
            classpath.add(jars.resolve(jar + ".jar").toString());
        }
        // Without these its style sheet does not compile: the JDK limits XPath expressions.
        return new Peer(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djdk.xml.xpathExprGrpLimit=0",
                        "-Djdk.xml.xpathExprOpLimit=0",
                        "-Djdk.xml.xpathTotalOpLimit=0",
                        "-cp",
                        String.join(":", classpath),
                        resource("PixelMedReports.java").toString()));
    }

    private static Path resource(String name) {
        try {
            return Path.of(Peer.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Peer with(String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(Arrays.asList(arguments));
        return new Peer(all);
    }

    Answer ask(Path... files) {
        try {
            List<String> all = new ArrayList<>(command);
            for (Path f : files) {
                all.add(f.toString());
            }
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), said.lines().toList());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
