package org.negvol.dimse;

import java.time.Duration;

/**
 * How long this side waits.
 *
 * @param connect for the transport connection and the answer to an association request
 * @param artim for an association request after the transport connection came, and for the peer to
 *     close after the last PDU (PS3.8 9.1.5)
 * @param idle as acceptor: between two messages. Scanners pause in mid-study, and an idle
 *     association costs little
 * @param pdu for a PDU that has begun, and for the next PDU of an unfinished message
 * @param write for the peer to take what is written
 * @param response for a response after a request; also for the answer to a release
 */
public record DimseTimeouts(
        Duration connect,
        Duration artim,
        Duration idle,
        Duration pdu,
        Duration write,
        Duration response) {

    /** Connect 15 s, ARTIM 10 s, idle 5 min, PDU 30 s, write 60 s, response 2 min. */
    public static final DimseTimeouts DEFAULT =
            new DimseTimeouts(
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(2));

    public DimseTimeouts {
        requirePositive("connect", connect);
        requirePositive("artim", artim);
        requirePositive("idle", idle);
        requirePositive("pdu", pdu);
        requirePositive("write", write);
        requirePositive("response", response);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("Time-out %s is %s".formatted(name, value));
        }
    }

    /** The same with another time for the connection. */
    public DimseTimeouts withConnect(Duration value) {
        return new DimseTimeouts(value, artim, idle, pdu, write, response);
    }

    /** The same with another ARTIM time. */
    public DimseTimeouts withArtim(Duration value) {
        return new DimseTimeouts(connect, value, idle, pdu, write, response);
    }

    /** The same with another idle time. */
    public DimseTimeouts withIdle(Duration value) {
        return new DimseTimeouts(connect, artim, value, pdu, write, response);
    }

    /** The same with another time for PDUs. */
    public DimseTimeouts withPdu(Duration value) {
        return new DimseTimeouts(connect, artim, idle, value, write, response);
    }

    /** The same with another time for writes. */
    public DimseTimeouts withWrite(Duration value) {
        return new DimseTimeouts(connect, artim, idle, pdu, value, response);
    }

    /** The same with another time for responses. */
    public DimseTimeouts withResponse(Duration value) {
        return new DimseTimeouts(connect, artim, idle, pdu, write, value);
    }

    UpperLayer.Timeouts upperLayer() {
        return new UpperLayer.Timeouts(artim.toNanos(), pdu.toNanos(), write.toNanos());
    }
}
