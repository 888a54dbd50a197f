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
        residentMegabytes(Path.of("/proc/self/status"))
                .ifPresent(mb -> console.printf(", peak resident memory %d MiB", mb));
        console.println();
    }

    /**
     * @param status what proc(5) says of a process
     * @return the most memory it has held; empty where there is no such file
     */
    static OptionalLong residentMegabytes(Path status) throws IOException {
        if (!Files.isReadable(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(l -> l.startsWith("VmHWM:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D+", "")) >> 10)
                .findFirst();
    }

    private static List<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(p -> p.getType() == MemoryType.HEAP)
                .toList();
    }
}
