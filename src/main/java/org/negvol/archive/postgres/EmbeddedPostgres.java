package org.negvol.archive.postgres;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server over one folder, owned by this process.
 *
 * <p>The folder holds {@code cluster} (what PostgreSQL calls its data directory), {@code password}
 * (of the one user, {@value #USER}; readable by the owner only), {@code server.log} and {@code
 * lock}. The lock is held while the server is ours, so a second negvol on the folder is told so and
 * cannot touch it.
 *
 * <p>A shell between us and the server waits for the end of its standard input: when this process
 * ends, however it ends, the pipe closes and the shell shuts the server down. Should that shell
 * have been killed too, the next start finds the server by its pid file and stops it first.
 * PostgreSQL refuses to run as root; then the server runs inside a user namespace, where it has no
 * privileges.
 */
final class EmbeddedPostgres {

    static final String USER = "negvol";
    static final String DATABASE = "postgres";

    private static final Logger LOG = System.getLogger(EmbeddedPostgres.class.getName());
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(20);
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 5;

    /**
     * Arguments: pg_ctl, cluster, log file, server options. pg_ctl puts the server in a session of
     * its own, so a Ctrl-C at the terminal reaches negvol, which drains, and not the database.
     */
    private static final String WATCHDOG =
            """
            trap '' INT TERM HUP
            "$1" -D "$2" -l "$3" -o "$4" -W -s start || exit 1
            while :; do
                pid=$(sed -n 1p "$2/postmaster.pid" 2>/dev/null)
                [ -z "$pid" ] || break
                sleep 0.02
            done
            cat >/dev/null
            kill -INT "$pid" 2>/dev/null
            exit 0
            """;

    /** Small, since it shares the machine with the method; durable as PostgreSQL is by default. */
    private static final List<String> SETTINGS =
            List.of(
                    "listen_addresses=127.0.0.1",
                    "unix_socket_directories=",
                    "max_connections=64",
                    "shared_buffers=64MB",
                    "wal_level=minimal",
                    "max_wal_senders=0",
                    "max_wal_size=256MB",
                    "jit=off",
                    "log_min_messages=warning",
                    "recovery_init_sync_method=" + (isLinux() ? "syncfs" : "fsync"));

    private static final Map<Path, EmbeddedPostgres> RUNNING = new ConcurrentHashMap<>();

    private final Path folder;
    private final Path cluster;
    private final FileChannel lockFile;
    private final FileLock lock;
    private @Nullable Process watchdog;
    private @Nullable ProcessHandle server;
    private int port;

    private EmbeddedPostgres(Path folder, FileChannel lockFile, FileLock lock) {
        this.folder = folder;
        this.cluster = folder.resolve("cluster");
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * The server of a folder, running. Starts it at the first call, and again if it has died.
     *
     * @throws IllegalStateException with a sentence for the operator if it cannot be had
     */
    static EmbeddedPostgres running(Path folder) {
        Path key = folder.toAbsolutePath().normalize();
        EmbeddedPostgres postgres = RUNNING.computeIfAbsent(key, EmbeddedPostgres::owned);
        postgres.ensureStarted();
        return postgres;
    }

    /** Stops every server this process runs and waits for their end. */
    static void stopAll() {
        for (Path folder : List.copyOf(RUNNING.keySet())) {
            EmbeddedPostgres postgres = RUNNING.remove(folder);
            if (postgres != null) {
                postgres.stop();
            }
        }
    }

    int port() {
        return port;
    }

    String password() {
        try {
            return Files.readString(passwordFile()).strip();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The password of the embedded PostgreSQL cannot be read from "
                            + passwordFile()
                            + ".",
                    e);
        }
    }

    /** Process id of the server, for tests that kill it. */
    synchronized long pid() {
        ProcessHandle running = server;
        if (running == null) {
            throw new IllegalStateException("the server does not run");
        }
        return running.pid();
    }

    private Path passwordFile() {
        return folder.resolve("password");
    }

    private static EmbeddedPostgres owned(Path folder) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve("lock");
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
            while (true) {
                FileLock lock = tryLock(channel);
                if (lock != null) {
                    return new EmbeddedPostgres(folder, channel, lock);
                }
                if (System.nanoTime() > deadline) {
                    channel.close();
                    throw new IllegalStateException(
                            "The data folder "
                                    + folder
                                    + " is used by another running negvol: stop that one or set"
                                    + " negvol.data-dir.");
                }
                pause(50);
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The folder of the embedded PostgreSQL cannot be used: " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private synchronized void ensureStarted() {
        ProcessHandle running = server;
        if (running != null && running.isAlive()) {
            return;
        }
        if (running != null) {
            LOG.log(Level.WARNING, "The embedded PostgreSQL has ended; it is started again");
            closeWatchdog();
        }
        try {
            Path programs = PostgresBinaries.unpacked(folder);
            stopOrphan();
            initialise(programs);
            start(programs);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The embedded PostgreSQL does not start: " + e.getMessage(), e);
        }
    }

    /** A server whose negvol was killed together with the watchdog, or is just being shut down. */
    private void stopOrphan() throws IOException {
        PidFile found = PidFile.read(cluster);
        if (found == null) {
            return;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(found.pid).filter(this::isOurServer);
        if (process.isPresent()) {
            LOG.log(
                    Level.INFO,
                    "Stopping the PostgreSQL (process {0,number,#}) that a killed negvol left"
                            + " behind",
                    found.pid);
            ProcessHandle orphan = process.get();
            for (String signal : List.of("INT", "QUIT", "KILL")) {
                run(List.of("kill", "-" + signal, Long.toString(orphan.pid())), "kill");
                if (hasEnded(orphan, STOP_PATIENCE)) {
                    break;
                }
            }
            if (orphan.isAlive()) {
                throw new IOException("process " + orphan.pid() + " holds the folder");
            }
        }
        // What is left names a process that is not a PostgreSQL of this folder. PostgreSQL itself
        // would refuse to start if any process of ours had got that number since, as happens in a
        // container after each restart; and the folder is locked by us, so nobody else starts one.
        Files.deleteIfExists(cluster.resolve("postmaster.pid"));
    }

    private boolean isOurServer(ProcessHandle process) {
        return process.info().command().map(c -> c.endsWith("postgres")).orElse(false)
                && process.info()
                        .arguments()
                        .map(a -> List.of(a).contains(cluster.toString()))
                        .orElse(true);
    }

    private void initialise(Path programs) throws IOException {
        Path version = cluster.resolve("PG_VERSION");
        if (Files.exists(version)) {
            String of = Files.readString(version).strip();
            String ours = majorVersion(programs);
            if (!of.equals(ours)) {
                throw new IOException(
                        "the folder "
                                + cluster
                                + " was written by PostgreSQL "
                                + of
                                + " and this negvol brings "
                                + ours
                                + "; carry the data over with pg_dump and pg_restore");
            }
            return;
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(passwordFile());
        Files.createFile(
                passwordFile(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile(), HexFormat.of().formatHex(random));
        Path half = folder.resolve("cluster.initialising");
        PostgresBinaries.deleteTree(half);
        List<String> command = unprivileged();
        command.addAll(
                List.of(
                        programs.resolve("bin/initdb").toString(),
                        "-D",
                        half.toString(),
                        "-U",
                        USER,
                        "-A",
                        "scram-sha-256",
                        "--pwfile=" + passwordFile(),
                        "-E",
                        "UTF8",
                        "--no-locale",
                        "--data-checksums",
                        "--no-instructions",
                        "--no-sync"));
        run(command, "initdb");
        Files.move(half, cluster, StandardCopyOption.ATOMIC_MOVE);
        // Waiting for a thousand small files to reach the disk takes seconds, and nothing of worth
        // is in them yet; it happens while the application goes on starting.
        new ProcessBuilder(isLinux() ? List.of("sync", "-f", cluster.toString()) : List.of("sync"))
                .start();
    }

    private static String majorVersion(Path programs) throws IOException {
        String said = run(List.of(programs.resolve("bin/postgres").toString(), "-V"), "postgres");
        return said.replaceAll("(?s)^\\D*(\\d+).*", "$1");
    }

    private void start(Path programs) throws IOException {
        port = freePort();
        StringBuilder options = new StringBuilder("-p " + port);
        for (String setting : SETTINGS) {
            options.append(" -c ").append(setting);
        }
        Path log = folder.resolve("server.log");
        Files.deleteIfExists(log);
        List<String> command = unprivileged();
        command.addAll(
                List.of(
                        "sh",
                        "-c",
                        WATCHDOG,
                        "negvol-postgres",
                        programs.resolve("bin/pg_ctl").toString(),
                        cluster.toString(),
                        log.toString(),
                        options.toString()));
        Process shell =
                new ProcessBuilder(command)
                        .directory(new File("/"))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        watchdog = shell;
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            PidFile pid = PidFile.read(cluster);
            if (pid != null && pid.ready && pid.port == port) {
                server =
                        ProcessHandle.of(pid.pid)
                                .orElseThrow(() -> new IOException("it ended at once; see " + log));
                LOG.log(
                        Level.INFO,
                        "Embedded PostgreSQL over {0} on port {1,number,#}",
                        folder,
                        port);
                return;
            }
            if (!shell.isAlive() || (pid == null && hasFailed(log))) {
                closeWatchdog();
                throw new IOException("it ended at once; it said: " + lastLines(log));
            }
            if (System.nanoTime() > deadline) {
                closeWatchdog();
                throw new IOException(
                        "it is not ready after %d s; see %s"
                                .formatted(START_PATIENCE.toSeconds(), log));
            }
            pause(POLL_MILLIS);
        }
    }

    private static boolean hasFailed(Path log) throws IOException {
        try {
            return Files.readString(log).contains("FATAL:");
        } catch (NoSuchFileException notYet) {
            return false;
        }
    }

    private static String lastLines(Path log) throws IOException {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join(" ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (NoSuchFileException e) {
            return "nothing";
        }
    }

    private synchronized void stop() {
        ProcessHandle running = server;
        closeWatchdog();
        if (running != null && !hasEnded(running, STOP_PATIENCE)) {
            LOG.log(
                    Level.WARNING,
                    "The embedded PostgreSQL (process {0,number,#}) still shuts down",
                    running.pid());
        }
        server = null;
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the lock was gone", e);
        }
    }

    private void closeWatchdog() {
        Process shell = watchdog;
        if (shell != null) {
            try {
                shell.getOutputStream().close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "the watchdog had ended", e);
            }
        }
        watchdog = null;
    }

    private static boolean hasEnded(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** The start of a command line for programs that refuse to be root. */
    private static List<String> unprivileged() throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            try {
                run(List.of("unshare", "-U", "true"), "unshare");
            } catch (IOException e) {
                throw new IOException(
                        "PostgreSQL refuses to run as root and this machine has no user namespaces"
                                + " (unshare -U): run negvol as another user, or set"
                                + " quarkus.datasource.jdbc.url",
                        e);
            }
            command.addAll(List.of("unshare", "-U"));
        }
        return command;
    }

    private static String run(List<String> command, String name) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(new File("/"))
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(name + " failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException(name + " was interrupted", e);
        }
        return said;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").startsWith("Linux");
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** What the server writes of itself: process on line 1, port on line 4, state on line 8. */
    private record PidFile(long pid, int port, boolean ready) {

        static @Nullable PidFile read(Path cluster) throws IOException {
            List<String> lines;
            try {
                lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
            } catch (NoSuchFileException e) {
                return null;
            }
            try {
                return new PidFile(
                        lines.isEmpty() ? 0 : Long.parseLong(lines.getFirst().strip()),
                        lines.size() < 4 ? 0 : Integer.parseInt(lines.get(3).strip()),
                        lines.size() >= 8 && lines.get(7).strip().equals("ready"));
            } catch (NumberFormatException halfWritten) {
                return new PidFile(0, 0, false);
            }
        }
    }
}
