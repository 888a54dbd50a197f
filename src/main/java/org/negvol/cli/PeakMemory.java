package org.negvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** How much memory this process or another one takes, and took at most. */
final class PeakMemory {

    /** proc(5): the most that was resident. */
    static final String PEAK = "VmHWM:";

    /** … and what is. */
    static final String NOW = "VmRSS:";

    private PeakMemory() {}

    /** Forgets the heap's peak so far. */
    static void reset() {
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /**
     * One line: what the heap held at most, with what was not yet collected, its limit, the
     * process's peak. The peaks of the heap's parts need not be of one moment.
     */
    static void print(PrintWriter console) {
        long heap = pools().stream().mapToLong(p -> p.getPeakUsage().getUsed()).sum();
        long limit = Runtime.getRuntime().maxMemory();
        console.printf(
                "%nPeak heap at most %d MiB of %d MiB", Math.min(heap, limit) >> 20, limit >> 20);
        megabytes(ProcessHandle.current(), PEAK)
                .ifPresent(mb -> console.printf(", peak resident memory %d MiB", mb));
        console.println();
    }

    /**
     * Memory of a process by a line of its status.
     *
     * @param line {@link #PEAK} or {@link #NOW}
     * @return in MiB; empty where the system does not tell, or the process has ended
     */
    static OptionalLong megabytes(ProcessHandle process, String line) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(l -> l.startsWith(line))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D+", "")) / 1024)
                    .findFirst();
        } catch (IOException unknownHere) {
            return OptionalLong.empty();
        }
    }

    private static List<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(p -> p.getType() == MemoryType.HEAP)
                .toList();
    }
}
