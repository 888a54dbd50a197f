package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;

/** Real scans through the node by DCMTK; skipped where the scans or DCMTK are absent. */
class RealScanIT {

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    /** Every result state a series can end in without failing. */
    private static final String[] ENDS = {"DONE", "DEGRADED", "NOT_APPLICABLE"};

    /** Published joint spaces of adults, with room for the voxels of thick slices, mm. */
    private static final double LEAST_SPACE_MM = 1;

    private static final double MOST_SPACE_MM = 5;

    @TempDir static Path folder;

    private static ResultReceiver pacs;
    private static NodeProcess node;

    @BeforeAll
    static void start() throws Exception {
        Peers.assumeInstalled("storescu");
        RealScans.folder("head-fused");
        pacs = new ResultReceiver(folder.resolve("pacs"));
        node =
                NodeProcess.start(
                        folder,
                        Map.of(
                                "negvol.destinations.pacs",
                                pacs.address(),
                                "negvol.workflow.quiet-period",
                                "2s"));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        if (pacs != null) {
            pacs.close();
        }
    }

    @Test
    void skullWithoutMandibleIsNotApplicableAndItsReportHoldsNoNumber() throws Exception {
        List<Path> scan = RealScans.seriesDescribed("skull-phantom", "BONE BRAIN 1MM");
        Storescu.send(node, scan);
        String uid = studyOf(scan);
        JsonNode study = node.awaitStudy(uid, PATIENCE, ENDS);
        assertThat(study.path("state").asText())
                .as(study.path("sentence").asText())
                .isEqualTo("NOT_APPLICABLE");
        assertThat(study.findValuesAsText("kind")).containsExactly("STRUCTURED_REPORT");
        NodeProcess.await(PATIENCE, "the report", () -> !pacs.byKind(uid).isEmpty());
        Map<String, Path> results = pacs.byKind(uid);
        assertThat(results.keySet()).containsExactly("SR");
        Validators.assertValid(results.values());
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(results.get("SR")))) {
            Attributes report = in.readDataset();
            assertThat(Validators.valueTypes(report)).doesNotContain("NUM");
            assertThat(String.join(" ", Validators.texts(report)))
                    .contains(study.path("sentence").asText());
        }
    }

    @Test
    void realHeadComesBackWithPlausibleJointSpaces() throws Exception {
        List<Path> fused = RealScans.files("head-fused");
        Storescu.send(node, fused);
        assertPlausible(studyOf(fused));
    }

    @Test
    void thinReformatOfTheRealHeadIsPreferredToItsThickOriginal() throws Exception {
        List<Path> axial = RealScans.seriesDescribed("head-toshiba", "Brain Bone 5.0");
        List<Path> sagittal =
                RealScans.seriesDescribed("head-toshiba", "Sagittal Brain/Sagittal Head 3.0");
        List<Path> localizers = RealScans.seriesDescribed("head-toshiba", "2.0");
        List<Path> all = new java.util.ArrayList<>(localizers);
        all.addAll(axial);
        all.addAll(sagittal);
        // Proposes JPEG Lossless SV1, in which the scanner made them.
        Storescu.send(node, all, "--propose-lossless");
        String uid = studyOf(sagittal);
        JsonNode study = node.awaitStudy(uid, PATIENCE, ENDS);
        for (JsonNode series : study.path("series")) {
            JsonNode job = series.path("jobs").path(0);
            switch (series.path("number").asInt()) {
                case 6 -> assertThat(job.path("state").asText()).isIn("DONE", "DEGRADED");
                case 3 ->
                        assertThat(job.path("sentence").asText())
                                .as("the sagittal series ended %s", study.path("sentence"))
                                .isEqualTo(
                                        "Series 6 of the same frame of reference is processed"
                                                + " instead: it has smaller voxels.");
                case 1 ->
                        assertThat(
                                        node.awaitStudy(
                                                        uid,
                                                        PATIENCE,
                                                        s ->
                                                                s.path("series")
                                                                        .path(0)
                                                                        .path("jobs")
                                                                        .has(0))
                                                .path("series")
                                                .path(0)
                                                .path("jobs")
                                                .path(0)
                                                .path("sentence")
                                                .asText())
                                .contains("localizer images only; series 6 is processed.");
                default -> throw new AssertionError(series);
            }
        }
        assertPlausible(uid);
    }

    private static void assertPlausible(String uid) throws Exception {
        JsonNode study = node.awaitStudy(uid, PATIENCE, ENDS);
        String sentence = study.path("sentence").asText();
        assertThat(study.path("state").asText()).as(sentence).isIn("DONE", "DEGRADED");
        NodeProcess.await(PATIENCE, "the report", () -> pacs.byKind(uid).containsKey("SR"));
        assertThat(pacs.byKind(uid).keySet()).containsExactly("SEG", "SURFACE", "SR");
        Validators.assertValid(pacs.byKind(uid).values());
        JsonNode joints = study.findValue("result").path("joints");
        for (String side : List.of("left", "right")) {
            JsonNode measures = joints.path(side).path("measures");
            assertThat(measures.path("JOINT_SPACE_MEDIAN").path("value").asDouble())
                    .as("%s: %s", side, sentence)
                    .isBetween(LEAST_SPACE_MM, MOST_SPACE_MM);
            for (String classical :
                    List.of(
                            "ANTERIOR_JOINT_SPACE",
                            "SUPERIOR_JOINT_SPACE",
                            "POSTERIOR_JOINT_SPACE")) {
                if (measures.has(classical)) {
                    assertThat(measures.path(classical).path("value").asDouble())
                            .as("%s %s", side, classical)
                            .isBetween(LEAST_SPACE_MM, MOST_SPACE_MM);
                }
            }
        }
    }

    private static String studyOf(List<Path> scan) {
        return RealScans.header(scan.getFirst()).getString(Tag.StudyInstanceUID, "");
    }
}
