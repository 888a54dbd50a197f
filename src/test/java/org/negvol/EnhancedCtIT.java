package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;

/** A scan that comes as one multi-frame object. */
class EnhancedCtIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir Path folder;

    @Test
    void objectIsProcessedAsSoonAsItIsStoredAndGivesTheNumbersOfItsSlices() throws Exception {
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        Attributes object = EnhancedCtObject.ofStudy(phantom, 2);
        String study = object.getString(Tag.StudyInstanceUID, "");
        Path file =
                EnhancedCtObject.write(
                        object,
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                        folder.resolve("enhanced.dcm"));
        Validators.assertValid(List.of(file));
        try (ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"));
                NodeProcess node =
                        NodeProcess.start(
                                folder,
                                Map.of(
                                        "negvol.destinations.pacs",
                                        pacs.address(),
                                        // Nothing is released by waiting.
                                        "negvol.workflow.quiet-period",
                                        "10m"))) {
            JsonNode ofFrames;
            try (Sender scanner = new Sender(node.dimsePort())) {
                assertThat(scanner.send(List.of(file))).isEmpty();
                // The association stays open meanwhile.
                ofFrames = joints(node.awaitStudy(study, PATIENCE, "DONE", "DEGRADED"));
                assertThat(scanner.send(phantom.files())).isEmpty();
            }
            JsonNode ofSlices =
                    joints(node.awaitStudy(phantom.uid(), PATIENCE, "DONE", "DEGRADED"));
            for (String side : List.of("left", "right")) {
                assertThat(ofFrames.path(side).path("measures").size()).isGreaterThan(10);
                assertThat(ofFrames.path(side).path("measures"))
                        .isEqualTo(ofSlices.path(side).path("measures"));
            }
            NodeProcess.await(PATIENCE, "results", () -> pacs.byKind(study).containsKey("SR"));
            Map<String, Path> results = pacs.byKind(study);
            assertThat(results.keySet()).containsExactly("SEG", "SURFACE", "SR");
            Validators.assertValid(results.values());
            everyFrameLiesOnOneOfTheObject(results.get("SEG"), object);
        }
    }

    private static JsonNode joints(JsonNode study) {
        return study.path("series").path(0).path("jobs").path(0).path("result").path("joints");
    }

    private static void everyFrameLiesOnOneOfTheObject(Path file, Attributes object)
            throws Exception {
        Attributes seg;
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            seg = in.readDatasetUntil(Tag.PixelData);
        }
        List<Integer> frames = new ArrayList<>();
        for (Attributes groups : seg.getSequence(Tag.PerFrameFunctionalGroupsSequence)) {
            Attributes source =
                    groups.getNestedDataset(Tag.DerivationImageSequence)
                            .getNestedDataset(Tag.SourceImageSequence);
            assertThat(source.getString(Tag.ReferencedSOPInstanceUID))
                    .isEqualTo(object.getString(Tag.SOPInstanceUID));
            int frame = source.getInt(Tag.ReferencedFrameNumber, 0);
            assertThat(
                            groups.getNestedDataset(Tag.PlanePositionSequence)
                                    .getStrings(Tag.ImagePositionPatient))
                    .isEqualTo(
                            EnhancedCtObject.group(object, frame - 1, Tag.PlanePositionSequence)
                                    .getStrings(Tag.ImagePositionPatient));
            frames.add(frame);
        }
        assertThat(frames).isNotEmpty();
    }
}
