package org.negvol.dimse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * DCMTK's tools as independent peers; tests that need one are skipped where it is not installed.
 */
public final class Dcmtk {

    private static final int LIMIT_SECONDS = 30;

    private Dcmtk() {}

    /** What a tool said and how it ended. */
    public record Result(int exitCode, String output) {}

    /** Runs a tool to its end. */
    public static Result run(String tool, Object... arguments)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(tool, ".log");
        try {
            Process process = start(log, tool, arguments);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Result(-1, "not done in time: " + Files.readString(log));
            }
            return new Result(process.exitValue(), Files.readString(log));
        } finally {
            Files.delete(log);
        }
    }

    private static Process start(Path log, String tool, Object... arguments) throws IOException {
        requireInstalled(tool);
        List<String> command = new ArrayList<>();
        command.add(tool);
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // Without it DCMTK waits 40 ms for Nagle's algorithm now and then.
        builder.environment().put("TCP_NODELAY", "1");
        return builder.start();
    }

    /** Skips the test where the tool is not installed. */
    static void requireInstalled(String tool) {
        boolean found = false;
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            found |= Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, tool));
        }
        Assumptions.assumeTrue(found, tool + " is not installed");
    }

    /** A tool that listens until it is closed. */
    public static final class Listener implements AutoCloseable {
        public final int port;
        private final Process process;

        /** Starts the tool with the arguments and a free port as the last one. */
        public Listener(Path folder, String tool, Object... arguments)
                throws IOException, InterruptedException {
            port = freePort();
            List<Object> all = new ArrayList<>(List.of(arguments));
            all.add(port);
            process = start(folder.resolve(tool + ".log"), tool, all.toArray());
            for (int i = 0; i < 200 && !listens(port); i++) {
                Thread.sleep(25);
            }
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
