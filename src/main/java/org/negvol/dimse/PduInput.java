package org.negvol.dimse;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * Cuts what arrives into PDUs and the PDVs of P-DATA-TF (PS3.8 9.3.5), without ever holding more
 * than one buffer of it. Lengths are believed only as far as bytes follow.
 */
final class PduInput {

    /** Control PDUs are short; space for them is made as they come, bytes. */
    private static final int FIRST_PART = 8192;

    private final Wire wire;
    private final ByteBuffer buffer;
    private final long maxDataPduLength;
    private final long pduTimeoutNanos;

    private long pduBudgetNanos;
    private long pduRemaining;
    private long pdvRemaining;

    /**
     * @param buffer where bytes arrive; position and limit are taken over
     * @param maxPduLength the longest P-DATA-TF value that was offered to the peer, bytes
     * @param pduTimeoutNanos how long a PDU that has begun may keep this side waiting in all
     */
    PduInput(Wire wire, ByteBuffer buffer, int maxPduLength, long pduTimeoutNanos) {
        this.wire = wire;
        this.buffer = buffer.clear().flip();
        // Some peers count the header in, some do not.
        this.maxDataPduLength = (long) maxPduLength + Pdu.HEADER_LENGTH;
        this.pduTimeoutNanos = pduTimeoutNanos;
    }

    /** The header of the next PDU. */
    record Header(int type, long length) {}

    /**
     * Waits for the next PDU.
     *
     * @param timeoutNanos how long its first byte may take
     * @throws EOFException when the transport connection was closed
     * @throws SocketTimeoutException when it did not come in time
     */
    Header nextPdu(long timeoutNanos) throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.clear();
            int read = wire.read(buffer, timeoutNanos);
            buffer.flip();
            if (read < 0) {
                throw new EOFException("Connection closed by the peer");
            }
        }
        pduBudgetNanos = pduTimeoutNanos;
        need(Pdu.HEADER_LENGTH);
        int type = buffer.get() & 0xff;
        buffer.get();
        long length = buffer.getInt() & 0xffffffffL;
        pduRemaining = 0;
        pdvRemaining = 0;
        return new Header(type, length);
    }

    /** The value of a control PDU. */
    byte[] value(Header header) throws IOException {
        if (header.length() > PduCodec.MAX_CONTROL_PDU_LENGTH) {
            throw InvalidPduException.parameter(
                    "PDU %02X of %d bytes".formatted(header.type(), header.length()));
        }
        int length = (int) header.length();
        byte[] value = new byte[Math.min(length, FIRST_PART)];
        int filled = 0;
        while (filled < length) {
            if (filled == value.length) {
                value = Arrays.copyOf(value, Math.min(length, value.length * 2));
            }
            need(1);
            int part = Math.min(buffer.remaining(), value.length - filled);
            buffer.get(value, filled, part);
            filled += part;
        }
        return value;
    }

    /** Goes into a P-DATA-TF PDU. */
    void enterData(Header header) throws InvalidPduException {
        if (header.length() < Pdu.PDV_HEADER_LENGTH) {
            throw InvalidPduException.parameter("P-DATA-TF of %d bytes".formatted(header.length()));
        }
        if (header.length() > maxDataPduLength) {
            throw InvalidPduException.parameter(
                    "P-DATA-TF of %d bytes where %d were agreed"
                            .formatted(header.length(), maxDataPduLength - Pdu.HEADER_LENGTH));
        }
        pduRemaining = header.length();
    }

    /** Whether the current P-DATA-TF has another PDV. */
    boolean hasPdv() {
        return pduRemaining > 0;
    }

    /** The header of the next PDV of the current P-DATA-TF. */
    UpperLayer.Pdv nextPdv() throws IOException {
        if (pduRemaining < Pdu.PDV_HEADER_LENGTH) {
            throw InvalidPduException.parameter(
                    "%d bytes after the last PDV".formatted(pduRemaining));
        }
        need(Pdu.PDV_HEADER_LENGTH);
        long itemLength = buffer.getInt() & 0xffffffffL;
        int contextId = buffer.get() & 0xff;
        int control = buffer.get() & 0xff;
        if (itemLength < 2 || itemLength > pduRemaining - 4) {
            throw InvalidPduException.parameter(
                    "PDV of %d bytes in %d".formatted(itemLength, pduRemaining - 4));
        }
        pduRemaining -= 4 + itemLength;
        pdvRemaining = itemLength - 2;
        return new UpperLayer.Pdv(contextId, (control & 1) != 0, (control & 2) != 0);
    }

    /** Bytes left in the current PDV. */
    long pdvRemaining() {
        return pdvRemaining;
    }

    /** Bytes of the current PDV that are here already; 0 at its end only. */
    int available() {
        return (int) Math.min(pdvRemaining, buffer.remaining());
    }

    /** Bytes of the current PDV; none at its end only. */
    int readPdv(byte[] into, int offset, int length) throws IOException {
        if (pdvRemaining == 0 || length == 0) {
            return 0;
        }
        need(1);
        int part = (int) Math.min(Math.min(pdvRemaining, buffer.remaining()), length);
        buffer.get(into, offset, part);
        pdvRemaining -= part;
        return part;
    }

    /** Waits for a byte of the current PDV. */
    int awaitPdv() throws IOException {
        if (pdvRemaining > 0) {
            need(1);
        }
        return available();
    }

    /** Bytes of the current PDV, straight from the receive buffer; none at its end only. */
    int writePdvTo(WritableByteChannel channel) throws IOException {
        if (pdvRemaining == 0) {
            return 0;
        }
        need(1);
        int part = (int) Math.min(pdvRemaining, buffer.remaining());
        ByteBuffer slice = buffer.slice(buffer.position(), part);
        try {
            while (slice.hasRemaining()) {
                channel.write(slice);
            }
        } finally {
            buffer.position(buffer.position() + part);
            pdvRemaining -= part;
        }
        return part;
    }

    /** Throws away what of the current PDV is here. */
    int skipSome() throws IOException {
        if (pdvRemaining == 0) {
            return 0;
        }
        need(1);
        int part = (int) Math.min(pdvRemaining, buffer.remaining());
        buffer.position(buffer.position() + part);
        pdvRemaining -= part;
        return part;
    }

    /** Throws away what the current PDV has left. */
    void skipPdv() throws IOException {
        while (pdvRemaining > 0) {
            skipSome();
        }
    }

    /** Throws away what the current P-DATA-TF has left. */
    void skipPdu() throws IOException {
        pdvRemaining += pduRemaining;
        pduRemaining = 0;
        skipPdv();
    }

    /** Throws away the value of a PDU. */
    void skip(Header header) throws IOException {
        pduRemaining = header.length();
        skipPdu();
    }

    /**
     * Throws away whatever comes until the peer closes.
     *
     * @throws SocketTimeoutException if it has not after this time
     */
    void discardUntilClosed(long timeoutNanos) throws IOException {
        long end = System.nanoTime() + timeoutNanos;
        int read;
        do {
            buffer.clear();
            read = wire.read(buffer, Math.max(1, end - System.nanoTime()));
        } while (read >= 0);
        buffer.flip();
    }

    private void need(int count) throws IOException {
        while (buffer.remaining() < count) {
            if (buffer.hasRemaining()) {
                buffer.compact();
            } else {
                buffer.clear();
            }
            long before = System.nanoTime();
            int read;
            try {
                read = wire.read(buffer, Math.max(1, pduBudgetNanos));
            } finally {
                buffer.flip();
            }
            pduBudgetNanos -= System.nanoTime() - before;
            if (read < 0) {
                throw new EOFException("Connection closed by the peer inside a PDU");
            }
        }
    }
}
