package org.negvol.dimse;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers that outlive the association they served: making one costs zeroing it and a
 * cleaner, which is more than a C-ECHO costs.
 */
final class BufferPool {

    /**
     * For receiving and sending. Large enough for a PDU of 128 KiB with its command set; PDUs that
     * are longer stream through it. Bytes.
     */
    static final BufferPool SHARED = new BufferPool(256 * 1024);

    /** So many are kept while none is used. */
    private static final int KEPT = 32;

    private final int size;
    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    private BufferPool(int size) {
        this.size = size;
    }

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        if (buffer == null) {
            return ByteBuffer.allocateDirect(size);
        }
        count.decrementAndGet();
        return buffer.clear();
    }

    /** The caller must not touch the buffer, nor any slice of it, after giving it back. */
    void giveBack(ByteBuffer buffer) {
        if (count.incrementAndGet() <= KEPT) {
            free.add(buffer);
        } else {
            count.decrementAndGet();
        }
    }
}
