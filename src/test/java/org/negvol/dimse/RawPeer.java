package org.negvol.dimse;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/** A peer with bad manners: sends any bytes, and says what it got for them. */
final class RawPeer implements AutoCloseable {

    /** Context 1 is Verification, 3 is CT in explicit little endian. */
    static final int VERIFICATION = 1;

    static final int CT = 3;

    final Socket socket;
    private final DataInputStream in;

    RawPeer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** With an association. */
    static RawPeer associated(int port) throws IOException {
        RawPeer peer = new RawPeer(port);
        peer.send(PduCodec.encode(request(Sink.AET)));
        String answer = peer.answer();
        if (!answer.equals("accepted")) {
            throw new IOException(answer);
        }
        return peer;
    }

    static AssociateRequest request(String calledAet) {
        return AssociateOptions.to("127.0.0.1", 1, calledAet, "RAW")
                .propose(UID.Verification, UID.ImplicitVRLittleEndian)
                .propose(UID.CTImageStorage, UID.ExplicitVRLittleEndian)
                .request("1.2.3", "RAW");
    }

    RawPeer send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawPeer send(ByteBuffer bytes) throws IOException {
        return send(bytes.array());
    }

    RawPeer send(Attributes command, int contextId) throws IOException {
        return send(pdv(contextId, 3, DicomOutputStream.encodeCommand(command)));
    }

    static byte[] pdu(int type, long length, byte... value) {
        return ByteBuffer.allocate(6 + value.length)
                .put((byte) type)
                .put((byte) 0)
                .putInt((int) length)
                .put(value)
                .array();
    }

    /** A P-DATA-TF with one PDV. */
    static byte[] pdv(int contextId, int control, byte... fragment) {
        byte[] value =
                ByteBuffer.allocate(6 + fragment.length)
                        .putInt(2 + fragment.length)
                        .put((byte) contextId)
                        .put((byte) control)
                        .put(fragment)
                        .array();
        return pdu(Pdu.DATA_TF, value.length, value);
    }

    static Attributes storeCommand(int messageId) {
        return Commands.storeRequest(messageId, UID.CTImageStorage, "1.2.3." + messageId, 0);
    }

    static Attributes echoCommand() {
        return Commands.request(CommandField.C_ECHO, 1, UID.Verification, false);
    }

    static Attributes without(Attributes command, int tag) {
        command.remove(tag);
        return command;
    }

    static Attributes with(Attributes command, int tag, String uid) {
        return command.setString(tag, VR.UI, uid);
    }

    /**
     * The next PDU in words: accepted, rejected 1.3.2, abort 2.6, release, status 0000; closed at
     * the end of the stream, silence when nothing comes.
     */
    String answer() throws IOException {
        try {
            int type = in.read();
            if (type < 0) {
                return "closed";
            }
            in.readByte();
            byte[] value = new byte[in.readInt()];
            in.readFully(value);
            return switch (type) {
                case Pdu.ASSOCIATE_AC -> "accepted";
                case Pdu.ASSOCIATE_RJ ->
                        "rejected %d.%d.%d".formatted(value[1], value[2], value[3]);
                case Pdu.RELEASE_RP -> "released";
                case Pdu.RELEASE_RQ -> "release asked for";
                case Pdu.ABORT -> "abort %d.%d".formatted(value[2], value[3]);
                case Pdu.DATA_TF -> {
                    Attributes command =
                            DicomInputStream.decodeCommand(
                                    value.length > 6
                                            ? Arrays.copyOfRange(value, 6, value.length)
                                            : new byte[0]);
                    yield "status %04X".formatted(command.getInt(Tag.Status, -1));
                }
                default -> "PDU " + type;
            };
        } catch (SocketTimeoutException e) {
            return "silence";
        } catch (EOFException | SocketException e) {
            return "closed";
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
