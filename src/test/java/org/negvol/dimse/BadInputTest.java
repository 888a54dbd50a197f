package org.negvol.dimse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.negvol.dimse.RawPeer.CT;
import static org.negvol.dimse.RawPeer.VERIFICATION;
import static org.negvol.dimse.RawPeer.echoCommand;
import static org.negvol.dimse.RawPeer.pdu;
import static org.negvol.dimse.RawPeer.pdv;
import static org.negvol.dimse.RawPeer.storeCommand;
import static org.negvol.dimse.RawPeer.with;
import static org.negvol.dimse.RawPeer.without;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/** Each kind of nonsense gets the answer of PS3.8 or PS3.7, and harms nobody else. */
class BadInputTest {

    private static Sink sink;

    @BeforeAll
    static void start() throws IOException {
        sink =
                new Sink(
                        Sink.options()
                                .withTimeouts(Sink.shortTimeouts())
                                .withMaxDatasetBytes(8 << 20),
                        AccessControl.acceptCalledAeTitle(Sink.AET));
    }

    @AfterAll
    static void stop() {
        sink.close();
    }

    /** What a peer does. */
    private interface Nonsense {
        void with(RawPeer peer) throws IOException;
    }

    private record Case(String name, boolean associated, Nonsense nonsense, String answer) {}

    private static Case raw(String name, Nonsense nonsense, String answer) {
        return new Case(name, false, nonsense, answer);
    }

    private static Case associated(String name, Nonsense nonsense, String answer) {
        return new Case(name, true, nonsense, answer);
    }

    private static byte[] request(String calledAet) {
        return PduCodec.encode(RawPeer.request(calledAet)).array();
    }

    /** A request whose bytes are changed at one place. */
    private static byte[] request(int at, int value) {
        byte[] bytes = request(Sink.AET);
        bytes[at] = (byte) value;
        return bytes;
    }

    private static byte[] requestWithContexts(int count) {
        byte[] item = {
            0x20, 0, 0, 29, 1, 0, 0, 0, 0x30, 0, 0, 17, '1', '.', '2', '.', '8', '4', '0', '.', '1',
            '0', '0', '0', '8', '.', '1', '.', '1', 0x40, 0, 0, 0
        };
        byte[] head = request(Sink.AET);
        int headLength = FIRST_CONTEXT_ID - 4 - 6;
        ByteBuffer value = ByteBuffer.allocate(headLength + count * item.length);
        value.put(head, 6, headLength);
        for (int i = 0; i < count; i++) {
            item[4] = (byte) (2 * i + 1);
            value.put(item);
        }
        return pdu(Pdu.ASSOCIATE_RQ, value.capacity(), value.array());
    }

    /** Where the first presentation context's id is: after titles and application context. */
    private static final int FIRST_CONTEXT_ID = 6 + 68 + 4 + 21 + 4;

    private static final List<Case> CASES =
            List.of(
                    // before an association: table 9-10, Sta2
                    raw("no bytes at all", p -> {}, "closed"),
                    raw("half a PDU, then silence", p -> p.send(pdu(1, 200, (byte) 0)), "closed"),
                    raw(
                            "three bytes, then silence",
                            p -> p.send((byte) 1, (byte) 0, (byte) 0),
                            "closed"),
                    raw(
                            "HTTP",
                            p -> p.send("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII)),
                            "abort 0.0"),
                    raw("unknown PDU type", p -> p.send(pdu(8, 4, new byte[4])), "abort 0.0"),
                    raw("PDU type 0", p -> p.send(pdu(0, 4, new byte[4])), "abort 0.0"),
                    raw("request of length 0", p -> p.send(pdu(1, 0)), "abort 0.0"),
                    raw(
                            "request of 4 GiB",
                            p -> p.send(pdu(1, 0xffffffffL, new byte[64])),
                            "abort 0.0"),
                    raw(
                            "request of random items",
                            p -> p.send(pdu(1, 80, new byte[80])),
                            "rejected 1.2.2"),
                    raw(
                            "data before the association",
                            p -> p.send(pdv(1, 3, new byte[4])),
                            "abort 0.0"),
                    raw(
                            "release before the association",
                            p -> p.send(pdu(5, 4, new byte[4])),
                            "abort 0.0"),
                    raw(
                            "acceptance instead of a request",
                            p -> p.send(pdu(2, 4, new byte[4])),
                            "abort 0.0"),
                    raw(
                            "abort instead of a request",
                            p -> p.send(pdu(7, 4, new byte[4])),
                            "closed"),
                    raw("protocol version 2", p -> p.send(request(7, 2)), "rejected 1.2.2"),
                    raw(
                            "application context of another world",
                            p -> p.send(request(6 + 68 + 4, '9')),
                            "rejected 1.1.2"),
                    raw("unknown called title", p -> p.send(request("OTHER")), "rejected 1.1.7"),
                    raw("even context id", p -> p.send(request(FIRST_CONTEXT_ID, 2)), "abort 0.0"),
                    raw("context id twice", p -> p.send(request(FIRST_CONTEXT_ID, 3)), "abort 0.0"),
                    raw(
                            "item longer than its PDU",
                            p -> p.send(request(6 + 68 + 2, 0x7f)),
                            "abort 0.0"),
                    raw(
                            "200 presentation contexts",
                            p -> p.send(requestWithContexts(200)),
                            "abort 0.0"),
                    raw(
                            "128 presentation contexts",
                            p -> p.send(requestWithContexts(128)),
                            "accepted"),

                    // PDUs: table 9-10, Sta6
                    associated(
                            "unknown PDU type", p -> p.send(pdu(9, 4, new byte[4])), "abort 2.1"),
                    associated("a second request", p -> p.send(request(Sink.AET)), "abort 2.2"),
                    associated("rejection", p -> p.send(pdu(3, 4, new byte[4])), "abort 2.2"),
                    associated(
                            "release answer unasked",
                            p -> p.send(pdu(6, 4, new byte[4])),
                            "abort 2.2"),
                    associated("P-DATA of length 0", p -> p.send(pdu(4, 0)), "abort 2.6"),
                    associated("P-DATA of 4 GiB", p -> p.send(pdu(4, 0xffffffffL)), "abort 2.6"),
                    associated(
                            "PDV beyond its PDU",
                            p -> p.send(pdu(4, 10, new byte[] {0, 0, 1, 0, 1, 3, 0, 0, 0, 0})),
                            "abort 2.6"),
                    associated("PDV of length 0", p -> p.send(pdu(4, 6, new byte[6])), "abort 2.6"),
                    associated(
                            "PDU longer than its PDV",
                            p -> p.send(pdu(4, 9, new byte[] {0, 0, 0, 2, 1, 1, 0, 0, 0})),
                            "abort 2.6"),
                    associated(
                            "context that was not agreed on",
                            p -> p.send(pdv(99, 3, new byte[4])),
                            "abort 2.6"),
                    associated(
                            "P-DATA that stops in the middle",
                            p -> p.send(pdu(4, 1000, new byte[] {0, 0, 3, 0, 1, 3})),
                            "abort 0.0"),
                    associated("silence", p -> {}, "abort 0.0"),
                    associated("abort", p -> p.send(pdu(7, 4, new byte[4])), "closed"),

                    // messages
                    associated(
                            "data set without a command",
                            p -> p.send(pdv(CT, 2, new byte[4])),
                            "abort 2.6"),
                    associated(
                            "command that is none",
                            p -> p.send(pdv(CT, 3, "abcdefghijkl".getBytes(US_ASCII))),
                            "abort 0.0"),
                    associated(
                            "command that never ends",
                            p -> {
                                for (int i = 0; i < 70; i++) {
                                    p.send(pdv(CT, 1, new byte[1000]));
                                }
                            },
                            "abort 2.6"),
                    associated(
                            "command that goes on in another context",
                            p ->
                                    p.send(pdv(CT, 1, new byte[4]))
                                            .send(pdv(VERIFICATION, 3, new byte[4])),
                            "abort 2.6"),
                    associated(
                            "release inside a command",
                            p -> p.send(pdv(CT, 1, new byte[4])).send(pdu(5, 4, new byte[4])),
                            "abort 0.0"),
                    associated(
                            "command inside a data set",
                            p ->
                                    p.send(storeCommand(1), CT)
                                            .send(pdv(CT, 0, new byte[4]))
                                            .send(echoCommand(), CT),
                            "abort 2.6"),
                    associated(
                            "data set that goes on in another context",
                            p ->
                                    p.send(storeCommand(1), CT)
                                            .send(pdv(CT, 0, new byte[4]))
                                            .send(pdv(VERIFICATION, 2, new byte[4])),
                            "abort 2.6"),
                    associated(
                            "release inside a data set",
                            p ->
                                    p.send(storeCommand(1), CT)
                                            .send(pdv(CT, 0, new byte[4]))
                                            .send(pdu(5, 4, new byte[4])),
                            "abort 0.0"),
                    associated(
                            "data set that stops",
                            p -> p.send(storeCommand(1), CT).send(pdv(CT, 0, new byte[4])),
                            "abort 0.0"),
                    associated(
                            "data set that never ends",
                            p -> {
                                p.send(storeCommand(1), CT);
                                for (int i = 0; i < 9 * 16; i++) {
                                    p.send(pdv(CT, 0, new byte[1 << 16]));
                                }
                            },
                            "abort 0.0"),
                    associated(
                            "data set of empty fragments",
                            p -> {
                                p.send(storeCommand(1), CT);
                                for (int i = 0; i < 1000; i++) {
                                    p.send(pdv(CT, 0));
                                }
                                p.send(pdv(CT, 2));
                            },
                            "status 0000"),
                    associated(
                            "request without Command Field",
                            p -> p.send(without(echoCommand(), Tag.CommandField), VERIFICATION),
                            "abort 0.0"),
                    associated(
                            "request without Message ID",
                            p -> p.send(without(echoCommand(), Tag.MessageID), VERIFICATION),
                            "abort 0.0"),
                    associated(
                            "request without Command Data Set Type",
                            p ->
                                    p.send(
                                            without(echoCommand(), Tag.CommandDataSetType),
                                            VERIFICATION),
                            "status 0000"),
                    associated(
                            "operation that is none",
                            p ->
                                    p.send(
                                            echoCommand().setInt(Tag.CommandField, VR.US, 0x0777),
                                            VERIFICATION),
                            "status 0211"),
                    associated(
                            "operation that is not performed",
                            p ->
                                    p.send(
                                                    Commands.request(
                                                            CommandField.C_FIND,
                                                            1,
                                                            UID.CTImageStorage,
                                                            true),
                                                    CT)
                                            .send(pdv(CT, 2, new byte[8])),
                            "status 0211"),
                    associated(
                            "response that nobody asked for",
                            p ->
                                    p.send(
                                            Commands.response(
                                                    echoCommand(), DimseStatus.SUCCESS, false),
                                            VERIFICATION),
                            "abort 0.0"),
                    associated(
                            "cancel of nothing, then echo",
                            p ->
                                    p.send(
                                                    Commands.request(
                                                            CommandField.C_CANCEL, 1, null, false),
                                                    VERIFICATION)
                                            .send(echoCommand(), VERIFICATION),
                            "status 0000"),
                    associated(
                            "C-STORE of another class than the context's",
                            p ->
                                    p.send(
                                                    with(
                                                            storeCommand(1),
                                                            Tag.AffectedSOPClassUID,
                                                            UID.MRImageStorage),
                                                    CT)
                                            .send(pdv(CT, 2, new byte[4])),
                            "status 0122"),
                    associated(
                            "C-STORE in the context of Verification",
                            p ->
                                    p.send(storeCommand(1), VERIFICATION)
                                            .send(pdv(VERIFICATION, 2, new byte[4])),
                            "status 0122"),
                    associated(
                            "C-STORE without SOP class",
                            p ->
                                    p.send(without(storeCommand(1), Tag.AffectedSOPClassUID), CT)
                                            .send(pdv(CT, 2, new byte[4])),
                            "status 0122"),
                    associated(
                            "C-STORE without instance UID",
                            p ->
                                    p.send(without(storeCommand(1), Tag.AffectedSOPInstanceUID), CT)
                                            .send(pdv(CT, 2, new byte[4])),
                            "status 0117"),
                    associated(
                            "instance UID that is a path",
                            p ->
                                    p.send(
                                                    with(
                                                            storeCommand(1),
                                                            Tag.AffectedSOPInstanceUID,
                                                            "../../etc/passwd"),
                                                    CT)
                                            .send(pdv(CT, 2, new byte[4])),
                            "status 0117"),
                    associated(
                            "instance UID of 10 kB",
                            p ->
                                    p.send(
                                                    with(
                                                            storeCommand(1),
                                                            Tag.AffectedSOPInstanceUID,
                                                            "1.2".repeat(3400)),
                                                    CT)
                                            .send(pdv(CT, 2, new byte[4])),
                            "status 0117"),
                    associated(
                            "C-STORE that says it has no data set",
                            p ->
                                    p.send(
                                            storeCommand(1)
                                                    .setInt(Tag.CommandDataSetType, VR.US, 0x0101),
                                            CT),
                            "status C000"),
                    associated(
                            "command group length that lies",
                            p -> {
                                byte[] command = DicomOutputStream.encodeCommand(echoCommand());
                                command[8] = 99;
                                p.send(pdv(VERIFICATION, 3, command));
                            },
                            "status 0000"));

    @TestFactory
    Stream<DynamicTest> everyKindOfNonsenseGetsItsAnswerAndHarmsNobody() {
        return CASES.stream()
                .map(
                        c ->
                                dynamicTest(
                                        (c.associated() ? "associated: " : "") + c.name(),
                                        () -> check(c)));
    }

    private static void check(Case c) throws Exception {
        try (RawPeer peer =
                c.associated() ? RawPeer.associated(sink.port()) : new RawPeer(sink.port())) {
            try {
                c.nonsense().with(peer);
            } catch (java.net.SocketException e) {
                // The answer may come, and the connection go, before all of the nonsense is sent.
            }
            assertThat(peer.answer()).isEqualTo(c.answer());
            echo();
        }
    }

    private static void echo() throws IOException {
        try (Association a =
                Association.open(
                        sink.call().propose(UID.Verification, UID.ImplicitVRLittleEndian))) {
            assertThat(a.echo().isSuccess()).isTrue();
        }
    }

    @Test
    void aPeerThatSendsAByteNowAndThenIsCutOff() throws Exception {
        try (RawPeer peer = new RawPeer(sink.port())) {
            byte[] request = request(Sink.AET);
            long start = System.nanoTime();
            String answer = "";
            peer.socket.setSoTimeout(1);
            try {
                for (int i = 0; i < request.length && answer.isEmpty(); i++) {
                    peer.send(request[i]);
                    Thread.sleep(50);
                    String heard = peer.answer();
                    answer = heard.equals("silence") ? "" : heard;
                }
            } catch (java.net.SocketException e) {
                answer = "closed";
            }
            assertThat(answer).isEqualTo("closed");
            assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
        }
        echo();
    }

    @Test
    void nothingIsLeftOpenAfterHundredsOfBadConnections() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        Assumptions.assumeTrue(
                Files.isDirectory(descriptors), "open descriptors are counted on Linux only");
        try (Sink own =
                new Sink(
                        Sink.options().withTimeouts(Sink.shortTimeouts()),
                        AccessControl.acceptAny())) {
            long before = count(descriptors);
            for (int i = 0; i < 60; i++) {
                try (RawPeer peer = RawPeer.associated(own.port())) {
                    peer.send(storeCommand(1), CT).send(pdv(CT, 0, new byte[1000]));
                }
                try (RawPeer peer = new RawPeer(own.port())) {
                    peer.send(pdu(1, 500, new byte[20]));
                }
                try (RawPeer peer = RawPeer.associated(own.port())) {
                    peer.send(pdu(9, 500, new byte[20]));
                }
            }
            for (int i = 0; i < 100 && own.server.openAssociations() > 0; i++) {
                Thread.sleep(20);
            }
            assertThat(own.server.openAssociations()).isZero();
            long after = Long.MAX_VALUE;
            for (int i = 0; i < 100 && after > before + 5; i++) {
                Thread.sleep(20);
                after = count(descriptors);
            }
            assertThat(after).isLessThanOrEqualTo(before + 5);
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void aFailingHandlerAnswersAndTheAssociationGoesOn() throws Exception {
        List<String> failures = new ArrayList<>(List.of("disk", "bug", "early", "ok"));
        CStoreHandler handler =
                (rq, dataset) -> {
                    String failure = failures.removeFirst();
                    switch (failure) {
                        case "disk" -> throw new IOException("no space left on device");
                        case "bug" -> throw new IllegalStateException("bug");
                        case "early" -> {
                            return DimseStatus.DATASET_DOES_NOT_MATCH.withComment("wrong patient");
                        }
                        default -> dataset.readAllBytes();
                    }
                    return DimseStatus.SUCCESS;
                };
        try (DimseServer server =
                        DimseServer.start(
                                Sink.options(), AccessControl.acceptAny(), List.of(handler));
                Association a =
                        Association.open(
                                AssociateOptions.to("127.0.0.1", server.port(), "ANY", "TEST")
                                        .propose(UID.CTImageStorage, UID.ExplicitVRLittleEndian))) {
            assertThat(store(a).code()).isEqualTo(0xA700);
            assertThat(store(a).code()).isEqualTo(0x0110);
            assertThat(store(a)).isEqualTo(new DimseStatus(0xA900, "wrong patient"));
            assertThat(store(a)).isEqualTo(DimseStatus.SUCCESS);
        }
    }

    private static DimseStatus store(Association association) throws IOException {
        return association.store(
                UID.CTImageStorage,
                "1.2.3",
                UID.ExplicitVRLittleEndian,
                new ByteArrayInputStream(new byte[1_000_000]));
    }

    @Test
    void attributesOfARequestAreKept() {
        Attributes command = storeCommand(7);
        Attributes response = Commands.response(command, DimseStatus.CANNOT_UNDERSTAND, false);
        assertThat(response.getInt(Tag.MessageIDBeingRespondedTo, 0)).isEqualTo(7);
        assertThat(response.getString(Tag.AffectedSOPInstanceUID)).isEqualTo("1.2.3.7");
        assertThat(response.getInt(Tag.CommandField, 0)).isEqualTo(0x8001);
    }
}
