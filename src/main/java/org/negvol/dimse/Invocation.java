package org.negvol.dimse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;

/** A request of this side that waits for its responses. */
final class Invocation {

    /**
     * The reading thread waits when so many responses are not taken yet: the peer then waits too.
     */
    private static final int MAX_QUEUED = 256;

    /**
     * A response.
     *
     * @param dataset its data set, null if it has none
     */
    record Response(Attributes command, @Nullable Attributes dataset) {
        DimseStatus status() {
            return Commands.status(command);
        }
    }

    private final int messageId;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Response> queue = new ArrayDeque<>();
    private @Nullable String failure;
    private boolean discarding;

    Invocation(int messageId) {
        this.messageId = messageId;
    }

    int messageId() {
        return messageId;
    }

    /** Called by the reading thread. */
    void offer(Response response) {
        lock.lock();
        try {
            while (queue.size() >= MAX_QUEUED && !discarding && failure == null) {
                changed.awaitUninterruptibly();
            }
            queue.add(response);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more responses will come. */
    void fail(String why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody takes responses any more but the last. */
    void discard() {
        lock.lock();
        try {
            discarding = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next response.
     *
     * @return null if none came in time
     * @throws AssociationEndedException if the association ended and none is left
     */
    @Nullable Response poll(long timeoutNanos)
            throws AssociationEndedException, InterruptedException {
        lock.lock();
        try {
            long left = timeoutNanos;
            while (queue.isEmpty()) {
                String why = failure;
                if (why != null) {
                    throw new AssociationEndedException("Association ended: " + why);
                }
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
            Response response = queue.remove();
            changed.signalAll();
            return response;
        } finally {
            lock.unlock();
        }
    }
}
