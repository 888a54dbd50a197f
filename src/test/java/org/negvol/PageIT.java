package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the node as an operator runs it, in Debian's Chromium. */
class PageIT {

    private static final Path SCREENSHOTS = PageScript.SCREENSHOTS;

    private static final int WHITE = 0xFFFFFFFF;

    @TempDir Path folder;

    @Test
    void studyArrivesOpensRendersAndIsDeliveredOnDemand() throws Exception {
        PageScript.assumeInstalled();
        int port = ResultReceiver.freePort();
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        PhantomStudy earlier = phantom.copy(folder.resolve("earlier"), 1);
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
            try (PageScript browser =
                    PageScript.start(
                            "page.js",
                            node.uri("/").toString(),
                            phantom.uid(),
                            earlier.uid(),
                            SCREENSHOTS.toString(),
                            PageScript.CHROMIUM)) {
                browser.until("open");
                try (Sender scanner = new Sender(node.dimsePort())) {
                    assertThat(scanner.send(phantom.files())).isEmpty();
                    assertThat(scanner.send(earlier.files())).isEmpty();
                }
                browser.until("undelivered");
                try (ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"), port)) {
                    browser.goOn();
                    browser.until("delivered");
                    assertThat(pacs.stores()).hasSize(3);
                }
                List<String> lines = browser.end();
                Files.write(SCREENSHOTS.resolve("said.txt"), lines);
                assertThat(lines)
                        .contains(
                                "arrived",
                                "processed",
                                "again",
                                "pdf: application/pdf %PDF-",
                                "csv: 3 lines",
                                "parquet: as CSV",
                                "errors: []")
                        .anyMatch(l -> l.startsWith("same head: Mean 0.00 mm"));
                assertThat(lines)
                        .filteredOn(l -> l.startsWith("axe "))
                        .hasSize(8)
                        .allMatch(l -> l.endsWith(": []"), "no violation");
            }
        }
        coloursOfTheScale(ImageIO.read(SCREENSHOTS.resolve("surfaces.png").toFile()));
        assertThat(share(SCREENSHOTS.resolve("mirrored.png"), PageIT::isPink))
                .as("share of the mirrored condyle")
                .isGreaterThan(0.002);
        slices(SCREENSHOTS.resolve("slices.png"));
        assertThat(share(SCREENSHOTS.resolve("soft-tissue.png"), rgb -> rgb == WHITE))
                .as("share of white, which soft tissue's window makes of all bone")
                .isGreaterThan(4 * share(SCREENSHOTS.resolve("slices.png"), rgb -> rgb == WHITE));
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

    /** Bone, soft tissue and air in grey, and the outlines in the colours of the Segmentation. */
    private static void slices(Path file) throws IOException {
        assertThat(share(file, rgb -> isGrey(rgb) && (rgb & 0xFF) > 150)).isGreaterThan(0.05);
        assertThat(share(file, rgb -> isGrey(rgb) && (rgb & 0xFF) > 40 && (rgb & 0xFF) < 120))
                .isGreaterThan(0.1);
        assertThat(share(file, rgb -> isNear(rgb, 0xFFB43C))).as("condyle").isGreaterThan(1e-4);
        assertThat(share(file, rgb -> isNear(rgb, 0x5AA9FF))).as("bone").isGreaterThan(5e-4);
        assertThat(share(file, PageIT::isPink)).as("volume").isGreaterThan(1e-4);
    }

    private static boolean isGrey(int rgb) {
        return isNear(rgb, (rgb & 0xFF) * 0x010101);
    }

    private static boolean isNear(int rgb, int wanted) {
        for (int shift = 0; shift <= 16; shift += 8) {
            if (Math.abs((rgb >> shift & 0xFF) - (wanted >> shift & 0xFF)) > 12) {
                return false;
            }
        }
        return true;
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
