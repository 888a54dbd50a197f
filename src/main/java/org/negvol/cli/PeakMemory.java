package org.negvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** How much memory this process took at most. */
final class PeakMemory {

    private PeakMemory() {}

    /** Forgets the heap's peak so far. */
    static void reset() {
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** One line: the heap's peak with what was not yet collected, its limit, the process's peak. */
    static void print(PrintWriter console) throws IOException {
        long heap = pools().stream().mapToLong(p -> p.getPeakUsage().getUsed()).sum();
        console.printf(
                "%nPeak heap %d MiB of %d MiB", heap >> 20, Runtime.getRuntime().maxMemory() >> 20);
        Path status = Path.of("/proc/self/status");
        if (Files.isReadable(status)) {
            Files.readAllLines(status).stream()
                    .filter(l -> l.startsWith("VmHWM:"))
                    .map(l -> Arrays.asList(l.strip().split("\\s+")).get(1))
                    .mapToLong(Long::parseLong)
                    .forEach(kib -> console.printf(", peak resident memory %d MiB", kib >> 10));
        }
        console.println();
    }

    private static List<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(p -> p.getType() == MemoryType.HEAP)
                .toList();
    }
}
