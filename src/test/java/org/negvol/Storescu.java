package org.negvol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** DCMTK's storescu as a scanner; a test that uses it is skipped where it is not installed. */
final class Storescu {

    private Storescu() {}

    /** Sends files over one association; all must be taken. */
    static void send(NodeProcess node, List<Path> files, String... options) {
        List<Object> command = new ArrayList<>(List.of("storescu"));
        command.addAll(List.of(options));
        command.addAll(List.of("--call", "NEGVOL", "localhost", node.dimsePort()));
        command.addAll(files);
        Peers.run(command.toArray());
    }
}
