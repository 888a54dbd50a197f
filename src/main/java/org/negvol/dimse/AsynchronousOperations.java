package org.negvol.dimse;

/**
 * Asynchronous operations window (PS3.7 D.3.3.3).
 *
 * @param invoked how many operations the requestor may have outstanding; 0 is no limit
 * @param performed how many operations the acceptor may have outstanding; 0 is no limit
 */
public record AsynchronousOperations(int invoked, int performed) {

    /** As many objects of one association as this side stores at a time. */
    static final int MOST_INVOKED = 8;

    /** What is granted to a requestor that asks for this: its own window, and 1 for this side. */
    AsynchronousOperations granted() {
        return new AsynchronousOperations(
                invoked == 0 ? MOST_INVOKED : Math.min(invoked, MOST_INVOKED), 1);
    }
}
