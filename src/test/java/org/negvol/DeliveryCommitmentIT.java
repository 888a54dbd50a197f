package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.CStoreHandler;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.NActionHandler;
import org.negvol.dimse.NRequest;
import org.negvol.dimse.NResponse;
import org.negvol.dimse.PresentationPolicy;

/** A result is delivered when the PACS has said that it keeps it, where it says such things. */
class DeliveryCommitmentIT {

    private static final String COMMITMENT = UID.StorageCommitmentPushModel;
    private static final int FAILED = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir static Path folder;

    /** A PACS that commits when the test says so. */
    private static final class Pacs implements AutoCloseable {

        private final BlockingQueue<String> stored = new LinkedBlockingQueue<>();
        private final BlockingQueue<Attributes> questions = new LinkedBlockingQueue<>();
        private final String title;
        private final DimseStatus reply;
        private final DimseServer server;
        private volatile boolean answersAtOnce;

        Pacs(String title, DimseStatus reply) throws IOException {
            this.title = title;
            this.reply = reply;
            CStoreHandler store =
                    (request, dataset) -> {
                        dataset.readAllBytes();
                        stored.add(request.sopInstanceUid());
                        return DimseStatus.SUCCESS;
                    };
            NActionHandler commit = this::asked;
            server =
                    DimseServer.start(
                            DimseServerOptions.of(title, 0)
                                    .withBindAddress(InetAddress.getLoopbackAddress())
                                    .withPresentation(PresentationPolicy.DEFAULT.with(COMMITMENT)),
                            AccessControl.acceptCalledAeTitle(title),
                            List.of(store, commit));
        }

        private NResponse asked(NRequest request) {
            questions.add(request.dataset());
            NResponse response = NResponse.of(reply);
            return answersAtOnce
                    ? response.withAfterwards(
                            () -> {
                                try {
                                    report(request.association(), request.dataset(), 1);
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            })
                    : response;
        }

        private static DimseStatus report(Association to, Attributes question, int type)
                throws IOException {
            Attributes report =
                    new Attributes()
                            .setString(
                                    Tag.TransactionUID,
                                    VR.UI,
                                    question.getString(Tag.TransactionUID));
            for (Attributes item : question.getSequence(Tag.ReferencedSOPSequence)) {
                Attributes said =
                        report.newItem(
                                        type == FAILED
                                                ? Tag.FailedSOPSequence
                                                : Tag.ReferencedSOPSequence)
                                .setString(
                                        Tag.ReferencedSOPClassUID,
                                        VR.UI,
                                        item.getString(Tag.ReferencedSOPClassUID))
                                .setString(
                                        Tag.ReferencedSOPInstanceUID,
                                        VR.UI,
                                        item.getString(Tag.ReferencedSOPInstanceUID));
                if (type == FAILED) {
                    said.setInt(Tag.FailureReason, VR.US, 0x0110);
                }
            }
            return to.eventReport(COMMITMENT, UID.StorageCommitmentPushModelInstance, type, report)
                    .status();
        }

        /** Over an association of its own. */
        DimseStatus report(NodeProcess node, Attributes question, int type) throws IOException {
            try (Association a =
                    Association.open(
                            AssociateOptions.to("127.0.0.1", node.dimsePort(), "NEGVOL", title)
                                    .propose(COMMITMENT, PresentationPolicy.NATIVE)
                                    .withRole(COMMITMENT, false, true))) {
                return report(a, question, type);
            }
        }

        Attributes question() throws InterruptedException {
            Attributes question = questions.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(question).as("a question to %s", title).isNotNull();
            return question;
        }

        String address() {
            return title + "@localhost:" + server.port();
        }

        @Override
        public void close() {
            server.close(Duration.ofSeconds(2));
        }
    }

    /** State and sentence of the study's deliveries, by destination. */
    private static Map<String, String> deliveries(JsonNode study) {
        Map<String, String> said = new TreeMap<>();
        for (JsonNode deliveries : study.findValues("deliveries")) {
            for (JsonNode d : deliveries) {
                said.put(
                        d.path("destination").asText(),
                        d.path("state").asText() + ": " + d.path("sentence").asText());
            }
        }
        return said;
    }

    private static boolean is(JsonNode study, String destination, String state) {
        return deliveries(study).getOrDefault(destination, "").startsWith(state + ":");
    }

    @Test
    void resultIsDeliveredWhenTheDestinationHasCommittedToIt() throws Exception {
        try (Pacs slow = new Pacs("SLOW", DimseStatus.SUCCESS);
                Pacs unable = new Pacs("UNABLE", DimseStatus.NO_SUCH_ACTION);
                ResultReceiver plain = new ResultReceiver(folder.resolve("plain"));
                NodeProcess node =
                        NodeProcess.start(
                                folder,
                                Map.of(
                                        "negvol.destinations.slow",
                                        slow.address(),
                                        "negvol.destinations.unable",
                                        unable.address(),
                                        "negvol.destinations.plain",
                                        plain.address(),
                                        "negvol.workflow.retry-delay",
                                        "100ms",
                                        "negvol.workflow.quiet-period",
                                        "1s"))) {
            PhantomStudy study =
                    PhantomStudy.write(folder.resolve("phantom"))
                            .localizer(folder.resolve("localizer"));
            try (Sender scanner = new Sender(node.dimsePort())) {
                assertThat(scanner.send(study.files())).isEmpty();
            }
            Attributes first = slow.question();
            JsonNode waiting =
                    node.awaitStudy(
                            study.uid(),
                            PATIENCE,
                            s -> is(s, "unable", "DELIVERED") && is(s, "plain", "DELIVERED"));
            assertThat(deliveries(waiting))
                    .containsEntry("slow", "SENT: Taken.")
                    .containsEntry("plain", "DELIVERED: Delivered.")
                    .containsEntry(
                            "unable",
                            "DELIVERED: Delivered. %s refuses to commit."
                                    .formatted(unable.address()));

            slow.answersAtOnce = true;
            assertThat(slow.report(node, first, FAILED).isSuccess()).isTrue();
            Attributes second = slow.question();
            JsonNode done = node.awaitStudy(study.uid(), PATIENCE, s -> is(s, "slow", "DELIVERED"));
            assertThat(deliveries(done).get("slow"))
                    .endsWith("The destination has committed to it.");
            assertThat(slow.stored).as("sent again, under the same UID").hasSize(2);
            assertThat(slow.stored.stream().distinct()).hasSize(1);
            assertThat(unable.stored).hasSize(1);
            assertThat(second.getString(Tag.TransactionUID))
                    .isNotEqualTo(first.getString(Tag.TransactionUID));

            // What is said too late, or of somebody else's question, changes nothing.
            assertThat(slow.report(node, first, FAILED).isSuccess()).isTrue();
            assertThat(unable.report(node, second, FAILED).isSuccess()).isTrue();
            assertThat(is(node.json("/api/studies/" + study.uid()), "slow", "DELIVERED")).isTrue();
        }
    }
}
