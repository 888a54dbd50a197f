package org.negvol.dimse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.UID;

/**
 * All that a peer may send: to a connection if the first byte is odd, inside an association if it
 * is even. Whatever it is, the connection ends and the next C-ECHO is answered.
 */
public final class AssociationFuzzer {

    /**
     * Less than a peer of these tests waits, and enough for a busy machine: what is sent ends with
     * the stream, so that nothing waits so long but where something is wrong.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Sink NODE = sink();

    private AssociationFuzzer() {}

    private static Sink sink() {
        try {
            return new Sink(
                    Sink.options()
                            .withTimeouts(
                                    DimseTimeouts.DEFAULT
                                            .withArtim(PATIENCE)
                                            .withPdu(PATIENCE)
                                            .withIdle(PATIENCE)),
                    AccessControl.acceptCalledAeTitle(Sink.AET));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request; a C-ECHO and a release; a C-STORE whose data set ends early. */
    public static List<byte[]> seeds() throws IOException {
        byte[] echo = pdv(RawPeer.VERIFICATION, RawPeer.echoCommand());
        byte[] store = pdv(RawPeer.CT, RawPeer.storeCommand(1));
        byte[] release = PduCodec.encode(new Pdu.ReleaseRequest()).array();
        return List.of(
                seed(1, PduCodec.encode(RawPeer.request(Sink.AET)).array()),
                seed(0, echo, release),
                seed(0, store, RawPeer.pdv(RawPeer.CT, 0, (byte) 8, (byte) 0), echo),
                seed(0, store, RawPeer.pdv(RawPeer.CT, 2, (byte) 8, (byte) 0), release));
    }

    private static byte[] pdv(int contextId, Attributes command) throws IOException {
        return RawPeer.pdv(contextId, 3, DicomOutputStream.encodeCommand(command));
    }

    private static byte[] seed(int first, byte[]... pdus) {
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        seed.write(first);
        for (byte[] pdu : pdus) {
            seed.writeBytes(pdu);
        }
        return seed.toByteArray();
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        try (RawPeer peer =
                (input[0] & 1) == 0 ? RawPeer.associated(NODE.port()) : new RawPeer(NODE.port())) {
            peer.send(Arrays.copyOfRange(input, 1, input.length));
            peer.socket.shutdownOutput();
            while (peer.socket.getInputStream().read() >= 0) {
                // The node says what it has to say and closes; it has ten seconds for that.
            }
        } catch (SocketException closed) {
            // Closed while we were still talking, as after an abort.
        }
        NODE.stored.clear();
        NODE.events.clear();
        try (Association association =
                Association.open(
                        NODE.call().propose(UID.Verification, UID.ImplicitVRLittleEndian))) {
            if (!association.echo().isSuccess()) {
                throw new AssertionError("C-ECHO is not answered any more");
            }
        }
    }
}
