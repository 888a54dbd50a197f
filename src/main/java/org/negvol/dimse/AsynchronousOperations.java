package org.negvol.dimse;

/**
 * Asynchronous operations window (PS3.7 D.3.3.3).
 *
 * @param invoked how many operations the requestor may have outstanding; 0 is no limit
 * @param performed how many operations the acceptor may have outstanding; 0 is no limit
 */
public record AsynchronousOperations(int invoked, int performed) {

    /** One at a time: what both sides do when nothing is negotiated. */
    public static final AsynchronousOperations SYNCHRONOUS = new AsynchronousOperations(1, 1);
}
