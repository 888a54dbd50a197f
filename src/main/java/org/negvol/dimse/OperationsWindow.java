package org.negvol.dimse;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Operations of one kind over one association, as many at a time as its window has. */
public final class OperationsWindow {

    private OperationsWindow() {}

    /** One of the operations; several run at a time where more than one was granted. */
    @FunctionalInterface
    public interface Step {
        /**
         * Performs it and takes its response.
         *
         * @param index 0 for the first
         */
        void perform(int index) throws IOException;
    }

    /**
     * Performs operations, beginning them in order, and waits for all.
     *
     * @throws IOException the first that a step throws; no other is begun after it
     */
    public static void fill(Association association, int count, Step step) throws IOException {
        int window = Math.min(association.window(), count);
        if (window <= 1) {
            for (int i = 0; i < count; i++) {
                step.perform(i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean();
        List<Future<?>> lanes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int lane = 0; lane < window; lane++) {
                lanes.add(
                        threads.submit(
                                () -> {
                                    boolean done = false;
                                    try {
                                        int i;
                                        while (!broken.get()
                                                && (i = next.getAndIncrement()) < count) {
                                            step.perform(i);
                                        }
                                        done = true;
                                    } finally {
                                        broken.compareAndSet(false, !done);
                                    }
                                    return null;
                                }));
            }
            for (Future<?> lane : lanes) {
                lane.get();
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException)
                    new InterruptedIOException("Interrupted while waiting for responses")
                            .initCause(e);
        }
    }
}
