package org.negvol.dimse;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Cuts messages into P-DATA-TF PDUs of one PDV each. A command set and the first part of its data
 * set leave in one write, and so does a command set alone: an answer in two parts would wait 40 ms
 * for Nagle's algorithm and the delayed acknowledgement of the other side.
 */
final class PdvOutputStream extends OutputStream {

    private static final int HEADERS = Pdu.HEADER_LENGTH + Pdu.PDV_HEADER_LENGTH;

    private final UpperLayer upperLayer;
    private final ByteBuffer buffer;
    private final int maxFragment;

    private int contextId;
    private boolean command;
    private int start;
    private boolean partOpen;
    private boolean sent;
    private boolean broken;

    /**
     * @param buffer holds at least a PDU and a command set
     * @param maxPduLength longest P-DATA-TF value that the peer takes, bytes
     */
    PdvOutputStream(UpperLayer upperLayer, ByteBuffer buffer, int maxPduLength) {
        this.upperLayer = upperLayer;
        this.buffer = buffer;
        // Fragments of even length: data sets are even, and some peers read them in words.
        this.maxFragment = (maxPduLength - Pdu.PDV_HEADER_LENGTH) & ~1;
    }

    /** Forgets what is not sent and begins a message. */
    void beginMessage(int context) {
        buffer.clear();
        contextId = context;
        sent = false;
        broken = false;
        partOpen = false;
    }

    /** Begins the command set or the data set of the message. */
    void beginPart(boolean isCommand) throws IOException {
        if (buffer.remaining() < HEADERS + 2) {
            flushBuffer();
        }
        command = isCommand;
        beginPdu();
        partOpen = true;
    }

    /** Marks what was written last as the last fragment of its part. */
    void endPart() {
        endPdu(true);
        partOpen = false;
    }

    /** A zero byte where what was written of the part is of odd length (PS3.5 A.5 for deflated). */
    void padToEven() throws IOException {
        // Full fragments are even.
        if (((buffer.position() - start - HEADERS) & 1) != 0) {
            write(0);
        }
    }

    /** Sends what is left of the message. */
    void endMessage() throws IOException {
        flushBuffer();
    }

    /** Whether part of the message has left already. */
    boolean hasSent() {
        return sent;
    }

    /** Whether sending failed, as opposed to what was to be sent. */
    boolean isBroken() {
        return broken;
    }

    @Override
    public void write(int b) throws IOException {
        room();
        buffer.put((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(room(), length - done);
            buffer.put(bytes, offset + done, part);
            done += part;
        }
    }

    /** Writes what a channel has left. */
    void transferFrom(ReadableByteChannel channel) throws IOException {
        while (true) {
            int limit = buffer.limit();
            int room = room();
            buffer.limit(buffer.position() + room);
            int read;
            try {
                read = channel.read(buffer);
            } finally {
                buffer.limit(limit);
            }
            if (read < 0) {
                return;
            }
        }
    }

    /** Sent with the last fragment only. */
    @Override
    public void flush() {}

    @Override
    public void close() {}

    /** Room in the current fragment; a full one is sent, as more is to come. */
    private int room() throws IOException {
        if (!partOpen) {
            throw new IOException("Written after the data set was complete");
        }
        int room = roomLeft();
        if (room > 0) {
            return room;
        }
        endPdu(false);
        flushBuffer();
        beginPdu();
        return roomLeft();
    }

    private int roomLeft() {
        int used = buffer.position() - start - HEADERS;
        int room = Math.min(maxFragment - used, buffer.remaining());
        // Keeps a fragment even that the end of the buffer cuts.
        return room == buffer.remaining() && ((used + room) & 1) != 0 ? room - 1 : room;
    }

    private void beginPdu() {
        start = buffer.position();
        buffer.position(start + HEADERS);
    }

    private void endPdu(boolean last) {
        int fragment = buffer.position() - start - HEADERS;
        buffer.put(start, (byte) Pdu.DATA_TF)
                .put(start + 1, (byte) 0)
                .putInt(start + 2, Pdu.PDV_HEADER_LENGTH + fragment)
                .putInt(start + 6, 2 + fragment)
                .put(start + 10, (byte) contextId)
                .put(start + 11, (byte) ((command ? 1 : 0) | (last ? 2 : 0)));
    }

    private void flushBuffer() throws IOException {
        buffer.flip();
        try {
            if (buffer.hasRemaining()) {
                sent = true;
                upperLayer.send(buffer);
            }
        } catch (IOException e) {
            broken = true;
            throw e;
        } finally {
            buffer.clear();
        }
    }
}
