package org.negvol.dimse;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after the deadlines of all open wires: one daemon thread for the process, which sleeps
 * while there is no wire. A socket's own read time-out would start anew with every byte of a slow
 * peer, and channels have none.
 */
final class Watchdog {

    private static final long TICK_NANOS = 20_000_000;

    private static final Set<Wire> WIRES = ConcurrentHashMap.newKeySet();
    private static final Thread THREAD =
            Thread.ofPlatform().daemon().name("negvol-dimse-watchdog").unstarted(Watchdog::watch);

    static {
        THREAD.start();
    }

    private Watchdog() {}

    static void add(Wire wire) {
        WIRES.add(wire);
        LockSupport.unpark(THREAD);
    }

    static void remove(Wire wire) {
        WIRES.remove(wire);
    }

    private static void watch() {
        while (true) {
            if (WIRES.isEmpty()) {
                LockSupport.park(WIRES);
            } else {
                LockSupport.parkNanos(WIRES, TICK_NANOS);
                long now = System.nanoTime();
                for (Wire wire : WIRES) {
                    wire.checkDeadlines(now);
                }
            }
        }
    }
}
