package org.negvol.dimse;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.BlockInputStream;

/**
 * The data set of a message as it arrives. Ends with its last fragment; throws {@link
 * AssociationEndedException} where the association ends before that. Good for one thread, until the
 * handler it was given to returns. Once it is read to its end another thread may read the next
 * message.
 */
public final class DatasetInputStream extends BlockInputStream {

    private static final int COPY_BUFFER = 1 << 16;

    private final UpperLayer upperLayer;
    private final int contextId;
    private final long timeoutNanos;
    private final long maxBytes;
    private long bytes;
    private UpperLayer.@Nullable Pdv pdv;
    private boolean complete;
    private boolean closed;
    private final CountDownLatch left = new CountDownLatch(1);

    DatasetInputStream(UpperLayer upperLayer, int contextId, long timeoutNanos, long maxBytes) {
        this.upperLayer = upperLayer;
        this.contextId = contextId;
        this.timeoutNanos = timeoutNanos;
        this.maxBytes = maxBytes;
    }

    /** How many bytes have been read or dropped so far. */
    public long bytesReceived() {
        return bytes;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        return count(readSafely(() -> upperLayer.data().readPdv(into, offset, length)));
    }

    /**
     * Writes what is left to a channel straight from the receive buffer, which for a file channel
     * is the way with the fewest copies.
     *
     * @return number of bytes written
     * @throws IOException if the channel fails, or {@link AssociationEndedException} if the
     *     association does
     */
    public long transferTo(WritableByteChannel channel) throws IOException {
        long before = bytes;
        while (hasMore()) {
            // A channel's failure is the caller's: only what waiting for the peer throws is ours.
            readSafely(() -> upperLayer.data().awaitPdv());
            count(upperLayer.data().writePdvTo(channel));
        }
        return bytes - before;
    }

    /** As {@link #transferTo(WritableByteChannel)} where the stream is a channel too. */
    @Override
    public long transferTo(OutputStream out) throws IOException {
        if (out instanceof WritableByteChannel channel) {
            return transferTo(channel);
        }
        byte[] copy = new byte[COPY_BUFFER];
        long before = bytes;
        int read;
        while ((read = read(copy, 0, copy.length)) > 0) {
            out.write(copy, 0, read);
        }
        return bytes - before;
    }

    @Override
    public int available() {
        return closed || complete || pdv == null ? 0 : upperLayer.data().available();
    }

    /** Does nothing: what is left is dropped when the handler returns. */
    @Override
    public void close() {}

    /** Reads and drops what is left, and lets nobody read after that. */
    void finish() throws AssociationEndedException {
        if (closed) {
            return;
        }
        try {
            while (hasMore()) {
                count(readSafely(() -> upperLayer.data().skipSome()));
            }
        } finally {
            closed = true;
            left.countDown();
        }
    }

    /** Waits until nothing of the data set is to come, so that the next message can be read. */
    void awaitRead() throws InterruptedException {
        left.await();
    }

    private interface Read {
        int read() throws IOException;
    }

    private int readSafely(Read read) throws AssociationEndedException {
        try {
            return read.read();
        } catch (IOException e) {
            throw ended(upperLayer.failed(e));
        }
    }

    private int count(int read) throws AssociationEndedException {
        bytes += read;
        if (bytes > maxBytes) {
            throw ended(upperLayer.abort("data set longer than %d bytes".formatted(maxBytes)));
        }
        return read;
    }

    /** Whether there is a byte to come; goes to the next PDV where one is done. */
    private boolean hasMore() throws AssociationEndedException {
        if (closed) {
            throw new AssociationEndedException("Data set read after its operation was done");
        }
        while (!complete && upperLayer.data().pdvRemaining() == 0) {
            UpperLayer.Pdv current = pdv;
            if (current != null && current.last()) {
                complete = true;
                left.countDown();
            } else {
                nextPdv();
            }
        }
        return !complete;
    }

    private void nextPdv() throws AssociationEndedException {
        switch (upperLayer.next(timeoutNanos)) {
            case UpperLayer.Pdv next -> {
                if (next.command() || next.contextId() != contextId) {
                    throw ended(
                            upperLayer.protocolError(
                                    Abort.INVALID_PARAMETER_VALUE,
                                    next.command()
                                            ? "command set inside a data set"
                                            : "data set goes on in another presentation context"));
                }
                pdv = next;
            }
            case UpperLayer.Ended over -> throw ended(over);
            default -> throw ended(upperLayer.abort("release asked for inside a data set"));
        }
    }

    private static AssociationEndedException ended(UpperLayer.Ended over) {
        return new AssociationEndedException("Association ended inside a data set: " + over.why());
    }
}
