package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OHIF, as it is published on npm, pointed at the node's DICOMweb. */
class OhifIT {

    private static final String VERSION = "3.12.10";

    @TempDir Path folder;

    @Test
    void studyOpensAndItsSegmentationIsShown() throws Exception {
        PageScript.assumeInstalled();
        Path ohif = Path.of("target", "ohif-" + VERSION);
        Path viewer = ohif.resolve("package").resolve("dist");
        if (!Files.exists(viewer.resolve("index.html"))) {
            Files.createDirectories(ohif);
            PageScript.assumeNpm(ohif, "pack", "--ignore-scripts", "@ohif/app@" + VERSION);
            Process tar =
                    new ProcessBuilder("tar", "xzf", "ohif-app-" + VERSION + ".tgz")
                            .directory(ohif.toFile())
                            .start();
            assertThat(tar.waitFor()).isZero();
        }
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        try (NodeProcess node = NodeProcess.start(folder, Map.of())) {
            try (Sender scanner = new Sender(node.dimsePort())) {
                assertThat(scanner.send(phantom.files())).isEmpty();
            }
            node.awaitStudy(phantom.uid(), Duration.ofSeconds(180), "DONE", "DEGRADED");
            try (PageScript browser =
                    PageScript.start(
                            "ohif.js",
                            node.uri("/").toString(),
                            phantom.uid(),
                            PageScript.SCREENSHOTS.toString(),
                            PageScript.CHROMIUM,
                            viewer.toString())) {
                assertThat(browser.end()).containsExactly("opened", "segmentation shown");
            }
        }
    }
}
