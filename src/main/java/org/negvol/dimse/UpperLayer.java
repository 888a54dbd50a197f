package org.negvol.dimse;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The upper layer of one association: drives a {@link Wire} by {@link StateTransitions}.
 *
 * <p>One thread calls {@link #next}; it reads, and learns of all that the peer does. Data, release
 * and abort may be asked for by any thread. The ARTIM timer is the deadline of the reads in STA2
 * and STA13, the only states it runs in.
 */
final class UpperLayer {

    /**
     * How long this side waits.
     *
     * @param artimNanos for the association request and for the peer to close (PS3.8 9.1.5)
     * @param pduNanos for a PDU that has begun, and for the next one of an unfinished message
     * @param writeNanos for the peer to make room for what is written
     */
    record Timeouts(long artimNanos, long pduNanos, long writeNanos) {}

    /** What {@link #next} reports. */
    sealed interface Indication {}

    /** A-ASSOCIATE indication. */
    record Requested(AssociateRequest request) implements Indication {}

    /** A-ASSOCIATE confirmation. */
    record Accepted(AssociateAccept accept) implements Indication {}

    /** A-ASSOCIATE confirmation (rejected). */
    record Rejected(AssociateReject reject) implements Indication {}

    /** P-DATA indication: a PDV begins, whose bytes are in {@link #data()}. */
    record Pdv(int contextId, boolean command, boolean last) implements Indication {}

    /** A-RELEASE indication: {@link #respondToRelease} is to be called. */
    record ReleaseRequested() implements Indication {}

    /**
     * The association is over.
     *
     * @param released whether in an orderly way
     * @param why in words, for the log
     */
    record Ended(boolean released, String why) implements Indication {}

    private final Wire wire;
    private final boolean requestor;
    private final Timeouts timeouts;
    private final PduInput in;
    private final ReentrantLock lock = new ReentrantLock();
    private UpperLayerState state = UpperLayerState.STA1;
    private volatile @Nullable Ended ended;

    /** Only the reading thread's. */
    private boolean framingLost;

    private UpperLayer(
            Wire wire, boolean requestor, Timeouts timeouts, ByteBuffer buffer, int maxPduLength) {
        this.wire = wire;
        this.requestor = requestor;
        this.timeouts = timeouts;
        this.in = new PduInput(wire, buffer, maxPduLength, timeouts.pduNanos());
    }

    /** The acceptor's side of a transport connection that has just come in. */
    static UpperLayer accepting(Wire wire, Timeouts timeouts, ByteBuffer buffer, int maxPduLength) {
        UpperLayer layer = new UpperLayer(wire, false, timeouts, buffer, maxPduLength);
        layer.move(UpperLayerEvent.EVT5);
        return layer;
    }

    /** The requestor's side of a transport connection that is open; sends the request. */
    static UpperLayer requesting(
            Wire wire,
            Timeouts timeouts,
            ByteBuffer buffer,
            int maxPduLength,
            AssociateRequest request)
            throws IOException {
        UpperLayer layer = new UpperLayer(wire, true, timeouts, buffer, maxPduLength);
        layer.move(UpperLayerEvent.EVT1);
        layer.fire(UpperLayerEvent.EVT2, request);
        return layer;
    }

    /** The bytes of the PDV last reported. */
    PduInput data() {
        return in;
    }

    /** Whether data may be sent. */
    boolean isOpen() {
        lock.lock();
        try {
            return StateTransitions.action(UpperLayerEvent.EVT9, state) != null;
        } finally {
            lock.unlock();
        }
    }

    /** How it ended, null while it has not. */
    @Nullable Ended ended() {
        return ended;
    }

    /**
     * Waits for what the peer does next. What the last PDV has left is skipped.
     *
     * @param timeoutNanos how long to wait for the next PDU; the association is aborted after that
     */
    Indication next(long timeoutNanos) {
        Ended over = ended;
        if (over != null) {
            return over;
        }
        try {
            in.skipPdv();
            while (true) {
                if (in.hasPdv()) {
                    return in.nextPdv();
                }
                Indication indication = receive(timeoutNanos);
                if (indication != null) {
                    return indication;
                }
            }
        } catch (IOException e) {
            return failed(e);
        }
    }

    /** Ends the association for what went wrong while reading. */
    Ended failed(IOException e) {
        return switch (e) {
            case InvalidPduException invalid -> {
                framingLost = true;
                yield protocolError(invalid.reason(), e.getMessage());
            }
            case SocketTimeoutException timeout -> timedOut();
            default -> disconnected(e);
        };
    }

    private @Nullable Indication receive(long timeoutNanos) throws IOException {
        PduInput.Header header = in.nextPdu(timeoutNanos);
        if (header.type() == Pdu.DATA_TF) {
            UpperLayerAction action = fire(UpperLayerEvent.EVT10, unexpected());
            if (action == UpperLayerAction.DT2 || action == UpperLayerAction.AR6) {
                in.enterData(header);
                return null;
            }
            return over("data in the wrong state");
        }
        if (header.type() < Pdu.ASSOCIATE_RQ || header.type() > Pdu.ABORT) {
            throw new InvalidPduException(
                    Abort.UNRECOGNIZED_PDU, "PDU type %02X".formatted(header.type()));
        }
        Pdu pdu = PduCodec.decode(header.type(), in.value(header));
        return switch (pdu) {
            case AssociateRequest rq -> requested(rq);
            case AssociateAccept ac ->
                    fire(UpperLayerEvent.EVT3, unexpected()) == UpperLayerAction.AE3
                            ? new Accepted(ac)
                            : over("A-ASSOCIATE-AC in the wrong state");
            case AssociateReject rj -> rejected(rj);
            case Pdu.ReleaseRequest() -> releaseRequested();
            case Pdu.ReleaseResponse() -> releaseResponded();
            case Abort abort -> {
                fire(UpperLayerEvent.EVT16, null);
                wire.close();
                yield end(false, "peer: " + abort.sentence());
            }
        };
    }

    private Indication requested(AssociateRequest rq) throws IOException {
        return fire(UpperLayerEvent.EVT6, unexpected()) == UpperLayerAction.AE6
                ? new Requested(rq)
                : over("A-ASSOCIATE-RQ in the wrong state");
    }

    private Indication rejected(AssociateReject rj) throws IOException {
        if (fire(UpperLayerEvent.EVT4, unexpected()) != UpperLayerAction.AE4) {
            return over("A-ASSOCIATE-RJ in the wrong state");
        }
        wire.close();
        end(false, rj.sentence());
        return new Rejected(rj);
    }

    private @Nullable Indication releaseRequested() throws IOException {
        UpperLayerAction action = fire(UpperLayerEvent.EVT12, unexpected());
        if (action == UpperLayerAction.AR2) {
            return new ReleaseRequested();
        }
        if (action == UpperLayerAction.AR8) {
            // Both sides asked at once. The requestor answers first, the acceptor waits for that.
            if (requestor) {
                fire(UpperLayerEvent.EVT14, new Pdu.ReleaseResponse());
            }
            return null;
        }
        return over("A-RELEASE-RQ in the wrong state");
    }

    private Indication releaseResponded() throws IOException {
        UpperLayerAction action = fire(UpperLayerEvent.EVT13, unexpected());
        if (action == UpperLayerAction.AR3) {
            wire.close();
            return end(true, "released");
        }
        if (action == UpperLayerAction.AR10) {
            fire(UpperLayerEvent.EVT14, new Pdu.ReleaseResponse());
            awaitClose();
            return end(true, "released");
        }
        return over("A-RELEASE-RP in the wrong state");
    }

    /**
     * Accepts the association.
     *
     * @throws IOException if the answer could not be sent
     */
    void accept(AssociateAccept accept) throws IOException {
        fire(UpperLayerEvent.EVT7, accept);
    }

    /** Rejects the association and waits for the peer to close. */
    Ended reject(AssociateReject reject) {
        try {
            fire(UpperLayerEvent.EVT8, reject);
        } catch (IOException e) {
            return disconnected(e);
        }
        awaitClose();
        return end(false, reject.sentence());
    }

    /** Answers the peer's release request and waits for it to close. */
    Ended respondToRelease() {
        try {
            fire(UpperLayerEvent.EVT14, new Pdu.ReleaseResponse());
        } catch (IOException e) {
            return disconnected(e);
        }
        return end(true, "released");
    }

    /**
     * Asks for release; {@link #next} reports the answer. Nothing happens where the association is
     * not open.
     */
    void requestRelease() throws IOException {
        fire(UpperLayerEvent.EVT11, new Pdu.ReleaseRequest());
    }

    /**
     * Sends whole P-DATA-TF PDUs.
     *
     * @throws AssociationEndedException if the association is not open
     */
    void send(ByteBuffer pdus) throws IOException {
        if (fire(UpperLayerEvent.EVT9, null) == null) {
            Ended over = ended;
            throw new AssociationEndedException(
                    "Association is not open: " + (over == null ? "closing" : over.why()));
        }
        try {
            wire.write(pdus, timeouts.writeNanos());
        } catch (IOException e) {
            end(false, "connection lost while sending: " + e.getMessage());
            wire.close();
            throw new AssociationEndedException("Connection lost while sending", e);
        }
    }

    /** Aborts as the service user; what {@link #next} was waiting for does not come any more. */
    Ended abort(String why) {
        Ended over = end(false, why);
        try {
            fire(UpperLayerEvent.EVT15, Abort.byUser());
        } catch (IOException e) {
            wire.close();
        }
        return over;
    }

    /** A PDU that breaks the protocol has come, or a message that breaks it. */
    Ended protocolError(int reason, @Nullable String why) {
        Ended over = end(false, "protocol error: " + why);
        try {
            fire(UpperLayerEvent.EVT19, Abort.byProvider(reason));
        } catch (IOException e) {
            wire.close();
        }
        return over;
    }

    /**
     * STA13: waits until the peer has closed, at most for the ARTIM time, then closes. Closing at
     * once could lose the last PDU where data of the peer is still unread.
     */
    void awaitClose() {
        try {
            if (state() == UpperLayerState.STA13) {
                awaitClose(System.nanoTime() + timeouts.artimNanos());
            }
        } catch (SocketTimeoutException e) {
            move(UpperLayerEvent.EVT18);
        } catch (IOException e) {
            move(UpperLayerEvent.EVT17);
        } finally {
            wire.close();
        }
    }

    /** Leaves only by an exception, or closed. */
    private void awaitClose(long endNanos) throws IOException {
        if (!framingLost) {
            in.skipPdu();
            while (state() == UpperLayerState.STA13) {
                PduInput.Header header = in.nextPdu(Math.max(1, endNanos - System.nanoTime()));
                if (header.type() < Pdu.ASSOCIATE_RQ || header.type() > Pdu.ABORT) {
                    fire(UpperLayerEvent.EVT19, Abort.byProvider(Abort.UNRECOGNIZED_PDU));
                    break;
                }
                in.skip(header);
                fire(
                        switch (header.type()) {
                            case Pdu.ASSOCIATE_RQ -> UpperLayerEvent.EVT6;
                            case Pdu.ASSOCIATE_AC -> UpperLayerEvent.EVT3;
                            case Pdu.ASSOCIATE_RJ -> UpperLayerEvent.EVT4;
                            case Pdu.DATA_TF -> UpperLayerEvent.EVT10;
                            case Pdu.RELEASE_RQ -> UpperLayerEvent.EVT12;
                            case Pdu.RELEASE_RP -> UpperLayerEvent.EVT13;
                            default -> UpperLayerEvent.EVT16;
                        },
                        unexpected());
            }
        }
        // After bytes that are no PDU nobody knows where the next one begins.
        in.discardUntilClosed(endNanos - System.nanoTime());
        move(UpperLayerEvent.EVT17);
    }

    /** Lets a read that waits for the peer wait as long again from now on. */
    void extendWait() {
        wire.extendRead();
    }

    /** Wakes the reading thread: it finds the association ended. */
    void wakeReader() {
        wire.stopReading();
    }

    private Ended timedOut() {
        UpperLayerState now = state();
        if (now == UpperLayerState.STA2) {
            move(UpperLayerEvent.EVT18);
            wire.close();
            return end(false, "no association request in time");
        }
        return abort("nothing received in time");
    }

    private Ended disconnected(IOException cause) {
        move(UpperLayerEvent.EVT17);
        wire.close();
        return end(
                false,
                cause instanceof EOFException
                        ? "connection closed by the peer"
                        : "connection lost: " + cause.getMessage());
    }

    private Ended over(String why) {
        return end(false, why);
    }

    /** The first reason stays. */
    private Ended end(boolean released, String why) {
        lock.lock();
        try {
            Ended over = ended;
            if (over == null) {
                over = new Ended(released, why);
                ended = over;
            }
            return over;
        } finally {
            lock.unlock();
        }
    }

    private static Abort unexpected() {
        return Abort.byProvider(Abort.UNEXPECTED_PDU);
    }

    private UpperLayerState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** Changes the state; null where the table has no action, and then nothing changes. */
    private @Nullable UpperLayerAction move(UpperLayerEvent event) {
        lock.lock();
        try {
            UpperLayerAction action = StateTransitions.action(event, state);
            if (action != null) {
                state = action.next(requestor);
            }
            return action;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the state and does what the table says as far as it is sending; indications and
     * closing are the caller's.
     *
     * @param pdu what is to be sent if the action sends; AA-1 sends an abort of its own source
     */
    private @Nullable UpperLayerAction fire(UpperLayerEvent event, @Nullable Pdu pdu)
            throws IOException {
        UpperLayerAction action = move(event);
        if (action == null) {
            return null;
        }
        switch (action) {
            case AE2, AE7, AE8, AR1, AR4, AR9 -> {
                if (pdu != null) {
                    wire.write(PduCodec.encode(pdu), timeouts.writeNanos());
                }
            }
            case AA1 -> sendAbort(Abort.byUser());
            case AA7, AA8 -> sendAbort(pdu instanceof Abort abort ? abort : unexpected());
            case AA2 -> wire.close();
            case AE1,
                    AE3,
                    AE4,
                    AE5,
                    AE6,
                    DT1,
                    DT2,
                    AR2,
                    AR3,
                    AR5,
                    AR6,
                    AR7,
                    AR8,
                    AR10,
                    AA3,
                    AA4,
                    AA5,
                    AA6 -> {}
        }
        return action;
    }

    /** An abort does not wait behind data that the peer does not take. */
    private void sendAbort(Abort abort) throws IOException {
        if (!wire.tryWrite(
                PduCodec.encode(abort), Math.min(timeouts.writeNanos(), 1_000_000_000L))) {
            wire.close();
        }
    }
}
