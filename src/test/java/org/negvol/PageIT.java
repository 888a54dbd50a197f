package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the node as an operator runs it, in Debian's Chromium. */
class PageIT {

    /** Kept for a look at them. */
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private static final Path TEST_PAGE = Path.of("src", "test", "web");

    @TempDir Path folder;

    @Test
    void studyArrivesOpensRendersAndIsDeliveredOnDemand() throws Exception {
        Peers.assumeInstalled("node", "npm", "chromium");
        if (!Files.exists(TEST_PAGE.resolve("node_modules"))) {
            Process npm =
                    new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                            .directory(TEST_PAGE.toFile())
                            // Not inherited: npm would make the pipe that this process gets its
                            // orders by a non-blocking one.
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    Files.createDirectories(SCREENSHOTS)
                                            .resolve("npm.log")
                                            .toFile())
                            .start();
            Assumptions.assumeTrue(npm.waitFor() == 0, "npm could not get playwright-core");
        }
        Files.createDirectories(SCREENSHOTS);
        int port = ResultReceiver.freePort();
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        try (NodeProcess node =
                NodeProcess.start(
                        folder,
                        Map.of(
                                "negvol.destinations.pacs",
                                "PACS@localhost:" + port,
                                // Only a person's wish can be in time.
                                "negvol.workflow.retry-delay",
                                "10m"))) {
            Assumptions.assumeTrue(
                    node.get("/").statusCode() == 200, "negvol was built without its page");
            Process browser =
                    new ProcessBuilder(
                                    "node",
                                    TEST_PAGE.resolve("page.js").toString(),
                                    node.uri("/").toString(),
                                    phantom.uid(),
                                    SCREENSHOTS.toString(),
                                    "/usr/bin/chromium")
                            .redirectErrorStream(true)
                            .start();
            try (BufferedReader said = browser.inputReader(StandardCharsets.UTF_8);
                    PrintStream to =
                            new PrintStream(
                                    browser.getOutputStream(), true, StandardCharsets.UTF_8)) {
                List<String> lines = new ArrayList<>();
                until("open", said, lines);
                try (Sender scanner = new Sender(node.dimsePort())) {
                    assertThat(scanner.send(phantom.files())).isEmpty();
                }
                until("undelivered", said, lines);
                try (ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"), port)) {
                    to.println("go on");
                    until("delivered", said, lines);
                    assertThat(pacs.stores()).hasSize(3);
                }
                until(null, said, lines);
                Files.write(SCREENSHOTS.resolve("said.txt"), lines);
                assertThat(lines).contains("arrived", "processed", "errors: []");
                assertThat(lines)
                        .filteredOn(l -> l.startsWith("axe "))
                        .hasSize(4)
                        .allMatch(l -> l.endsWith(": []"), "no violation");
                assertThat(browser.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(browser.exitValue()).as("%s", lines).isZero();
            } finally {
                browser.destroyForcibly();
            }
        }
        coloursOfTheScale(ImageIO.read(SCREENSHOTS.resolve("surfaces.png").toFile()));
        assertThat(share(SCREENSHOTS.resolve("mirrored.png"), PageIT::isPink))
                .as("share of the mirrored condyle")
                .isGreaterThan(0.002);
    }

    private static void until(
            @org.jspecify.annotations.Nullable String line, BufferedReader said, List<String> lines)
            throws IOException {
        for (String l = said.readLine(); l != null; l = said.readLine()) {
            lines.add(l);
            if (l.equals(line)) {
                return;
            }
        }
        assertThat(line).as("what the browser said: %s", lines).isNull();
    }

    /** A condyle in its fossa has narrow and wide places: warm and cold colours. */
    private static void coloursOfTheScale(BufferedImage picture) {
        int warm = 0;
        int cold = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int rgb = picture.getRGB(x, y);
                int red = (rgb >> 16) & 0xFF;
                int blue = rgb & 0xFF;
                warm += red > blue + 60 ? 1 : 0;
                cold += blue > red + 40 ? 1 : 0;
            }
        }
        double pixels = (double) picture.getWidth() * picture.getHeight();
        assertThat(warm / pixels).as("share of warm pixels").isGreaterThan(0.002);
        assertThat(cold / pixels).as("share of cold pixels").isGreaterThan(0.002);
    }

    private static boolean isPink(int rgb) {
        int red = (rgb >> 16) & 0xFF;
        int green = (rgb >> 8) & 0xFF;
        int blue = rgb & 0xFF;
        return red > green + 50 && blue > green + 30;
    }

    private static double share(Path file, java.util.function.IntPredicate wanted)
            throws IOException {
        BufferedImage picture = ImageIO.read(file.toFile());
        long found = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                found += wanted.test(picture.getRGB(x, y)) ? 1 : 0;
            }
        }
        return (double) found / ((long) picture.getWidth() * picture.getHeight());
    }
}
