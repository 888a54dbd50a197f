package org.negvol.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Intensity;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** A hospital brings a network of its own: four labels, 0.9 mm, RAS, 24 × 32 × 40 voxels. */
class ModelManifestTest {

    private static final String MANIFEST =
            """
            {
              "format": 1,
              "task": "joint",
              "name": "several-labels",
              "version": "3",
              "file": "several-labels.onnx",
              "sha256": "SHA",
              "licence": "CC0-1.0",
              "trainedOn": "nothing: thresholds of HU",
              "intendedUse": "tests",
              "input": {
                "name": "image",
                "spacingMm": [0.9, 0.9, 0.9],
                "size": [24, 32, 40],
                "orientation": "RAS",
                "normalisation": {"clip": [-1000, 3000], "subtract": 0, "divide": 1000},
                "mirrorLeft": false
              },
              "window": {"overlap": 0.5},
              "output": {
                "name": "scores",
                "activation": "softmax",
                "classes": ["background", "mandible", "skull", "mandible"]
              }
            }
            """;

    private static byte[] onnx() throws IOException {
        try (var in =
                ModelManifestTest.class.getResourceAsStream("/test-models/several-labels.onnx")) {
            return in.readAllBytes();
        }
    }

    private static String manifest() throws IOException {
        return MANIFEST.replace("SHA", Network.sha256(onnx()));
    }

    private static Network open(String json) throws IOException {
        return Network.open(
                ModelManifest.parse(json, "joint.json"),
                onnx(),
                "joint.json",
                ModelOptions.DEFAULT.withThreads(1));
    }

    private static final Vec3 CENTRE = new Vec3(50, -20, 300);

    /** A crooked scene without any symmetry: a condyle (700 HU) with a tooth under a skull. */
    private static double scene(Vec3 p) {
        Vec3 q = p.minus(CENTRE);
        if (q.minus(new Vec3(2, 3, -6)).norm() < 8) {
            return 700;
        }
        if (q.minus(new Vec3(-9, -14, -12)).norm() < 4) {
            return 2400;
        }
        return q.z() > 5 + 0.3 * q.x() - 0.2 * q.y() ? 1300 : 40;
    }

    @ParameterizedTest
    @CsvSource({
        "RAS, false, LEFT",
        "LPS, false, LEFT",
        "SPL, false, RIGHT",
        "SPL, true, LEFT",
        "ASR, true, LEFT",
        "IAR, true, RIGHT"
    })
    void aNetworkOfOtherLabelsSpacingAndOrientationIsUsedByItsManifestAlone(
            String orientation, boolean mirrorLeft, Side side) throws IOException {
        String json =
                manifest()
                        .replace("RAS", orientation)
                        .replace("\"mirrorLeft\": false", "\"mirrorLeft\": " + mirrorLeft);
        VolumeGeometry grid =
                VolumeGeometry.axisAligned(150, 150, 130, 0.5, CENTRE.minus(new Vec3(37, 37, 32)));
        CtSeries series = Scans.of(grid, ModelManifestTest::scene);
        try (Network network = open(json)) {
            JointSegmentation result =
                    new JointSegmenter(network)
                            .segment(
                                    series,
                                    Intensity.IDENTITY,
                                    new JointLocation.Found(side, CENTRE, 1));
            assertThat(result).isInstanceOf(SegmentedJoint.class);
            SegmentedJoint joint = (SegmentedJoint) result;
            int wrong = 0;
            int voxels = 0;
            VolumeGeometry g = joint.hu().geometry();
            for (int k = 2; k < g.slices() - 2; k++) {
                for (int j = 2; j < g.rows() - 2; j++) {
                    for (int i = 2; i < g.columns() - 2; i++) {
                        double hu = scene(g.toPatient(i, j, k));
                        // The tooth is a piece of its own, which a condyle is not.
                        int truth = hu == 700 ? 1 : hu == 1300 ? 2 : 0;
                        wrong += joint.owner()[g.index(i, j, k)] == truth ? 0 : 1;
                        voxels++;
                    }
                }
            }
            assertThat((double) wrong / voxels).isLessThan(0.02);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"format\": 1 | \"format\": 2 | format must be 1",
                "\"task\": \"joint\" | \"task\": \"knee\" | task must be one of [localizer, joint]",
                "\"task\": \"joint\" | \"task\": \"localizer\" | needs a class left-",
                "\"version\": \"3\", | '' | version is missing",
                "\"version\": | \"vresion\": | unknown field vresion",
                "\"sha256\": \" | \"sha256\": \"0 | sha256 must be 64 hexadecimal digits",
                "\"licence\": \"CC0-1.0\" | \"licence\": \"\" | licence must be a text",
                "\"mandible\", \"skull\" | \"mandible\", \"jaw\" | class \"jaw\" is none of",
                "\"skull\", | \"background\", | needs a class skull",
                "RAS | RAL | orientation must have one letter each",
                "[24, 32, 40] | [24, 32] | size must be 3 numbers",
                "[24, 32, 40] | [24, 32, 48] | the manifest needs [1, 1, 24, 32, 48]",
                "\"mandible\"] | \"mandible\", \"skull\"] | the manifest needs [1, 5, 24, 32, 40]",
                "\"image\" | \"hu\" | has no input hu but [image]",
                "\"scores\" | \"logits\" | has no output logits but [scores]",
                "{\"overlap\": 0.5} | {\"overlap\": 2} | overlap must be 0.1 to 0.9",
                "{\"overlap\": 0.5} | \"whole\" | sees 21.6 × 28.8 × 36.0 mm at once",
                "\"divide\": 1000 | \"divide\": 0 | divide must be positive",
                "several-labels.onnx | ../x.onnx | file must be a name in the same folder",
                "{ | [ | is no JSON",
            })
    void aManifestThatDoesNotFitIsRefusedWithTheReason(String from, String to, String reason)
            throws IOException {
        String json = manifest();
        assertThat(json).contains(from);
        assertThatThrownBy(() -> open(json.replace(from, to)).close())
                .isInstanceOf(UnfitModelException.class)
                .hasMessageContaining("joint.json")
                .hasMessageContaining(reason);
    }

    @Test
    void anOnnxFileThatIsNotTheOneOfTheManifestIsRefused() throws IOException {
        byte[] changed = onnx();
        changed[changed.length - 1] ^= 1;
        ModelManifest manifest = ModelManifest.parse(manifest(), "joint.json");
        assertThatThrownBy(
                        () -> Network.open(manifest, changed, "joint.json", ModelOptions.DEFAULT))
                .isInstanceOf(UnfitModelException.class)
                .hasMessageContaining("SHA-256");
    }

    @Test
    void aFolderWithoutAnyModelIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> SegmentationModels.load(folder))
                .isInstanceOf(UnfitModelException.class)
                .hasMessageContaining("holds neither localizer.json nor joint.json");
    }

    /** A stopping node closes its networks; whoever still looks must not take Java down with it. */
    @Test
    void aNetworkThatIsClosedWhileItLooksEndsItsPassFirst() throws Exception {
        VolumeGeometry grid = VolumeGeometry.axisAligned(96, 128, 160, 0.9, new Vec3(0, 0, 0));
        ScalarVolume hu = new ScalarVolume(grid, new float[(int) grid.voxelCount()]);
        Arrays.fill(hu.values(), 500);
        for (int round = 0; round < 5; round++) {
            Network network = open(manifest());
            CountDownLatch looking = new CountDownLatch(1);
            try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
                Future<?> looks =
                        thread.submit(
                                () -> {
                                    looking.countDown();
                                    while (true) {
                                        network.probabilities(hu);
                                    }
                                });
                looking.await();
                Thread.sleep(20);
                network.close();
                assertThatThrownBy(looks::get)
                        .hasRootCauseInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("several-labels is closed");
            }
        }
    }

    @Test
    void aFolderWhoseOnnxFileIsMissingIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("localizer.json"), manifest().replace("\"joint\"", "\"localizer\""));
        assertThatThrownBy(() -> SegmentationModels.load(folder))
                .isInstanceOf(UnfitModelException.class)
                .hasMessageContaining("localizer.json");
    }
}
