package org.negvol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What independent peers and negvol did with each other, as a Markdown table. */
final class InteropTable {

    private final Map<String, List<String>> rowsByPeer = new TreeMap<>();

    synchronized void add(String peer, String direction, String what, String result) {
        rowsByPeer
                .computeIfAbsent(peer, p -> new ArrayList<>())
                .add("| %s | %s | %s | %s |".formatted(peer, direction, what, result));
    }

    /** Writes it. */
    synchronized void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Interoperability");
        lines.add("");
        lines.add("| peer | direction | service or transfer syntax | result |");
        lines.add("|---|---|---|---|");
        rowsByPeer.values().forEach(lines::addAll);
        Files.write(file, lines);
    }
}
