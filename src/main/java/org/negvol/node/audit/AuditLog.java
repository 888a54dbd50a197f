package org.negvol.node.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail as files, one for each day (UTC). A line is a whole syslog message (RFC 5424) as
 * PS3.15 A.6 wants it, so that what is forwarded is what lies here. Who forwards keeps the place
 * that was reached in the same folder: a repository that is away for a day gets its day.
 */
final class AuditLog implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AuditLog.class);
    private static final String SUFFIX = ".log";
    private static final String PLACE = "forwarded";
    private static final int MOST_BYTES_AT_ONCE = 1 << 16;

    /** Facility 10 (security and authorization), severity 5 (notice). */
    private static final String HEADER = "<85>1 %s %s negvol %s DICOM+RFC3881 - \uFEFF%s\n";

    /**
     * A place between two lines.
     *
     * @param day of the file
     * @param offset in it, bytes
     */
    record Place(LocalDate day, long offset) {}

    /**
     * Lines that follow one another.
     *
     * @param lines without their ends
     * @param next where the next ones begin
     */
    record Lines(List<byte[]> lines, Place next) {}

    private final Path folder;
    private final Clock clock;
    private final String host;
    private final String process;
    private @Nullable LocalDate day;
    private @Nullable FileChannel file;

    /** Opens the trail and deletes what is older than {@code keep}. */
    AuditLog(Path folder, Clock clock, String host, String process, Duration keep)
            throws IOException {
        this.folder = Files.createDirectories(folder);
        this.clock = clock;
        this.host = host;
        this.process = process;
        LocalDate oldest = LocalDate.ofInstant(clock.instant().minus(keep), ZoneOffset.UTC);
        for (LocalDate d : days()) {
            if (d.isBefore(oldest)) {
                Files.delete(path(d));
            }
        }
    }

    /** Adds a message. */
    synchronized void write(String xml) throws IOException {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        FileChannel to = file;
        if (to == null || !today.equals(day)) {
            close();
            to =
                    FileChannel.open(
                            path(today), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            file = to;
            day = today;
        }
        ByteBuffer line =
                ByteBuffer.wrap(
                        HEADER.formatted(now.truncatedTo(ChronoUnit.MILLIS), host, process, xml)
                                .getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            to.write(line);
        }
    }

    /** Where forwarding goes on: behind what was, or with the oldest line. */
    Optional<Place> place() throws IOException {
        try {
            String[] said = Files.readString(folder.resolve(PLACE)).strip().split(" ", -1);
            Place place = new Place(LocalDate.parse(said[0]), Long.parseLong(said[1]));
            if (Files.exists(path(place.day))) {
                return Optional.of(place);
            }
            return days().stream()
                    .filter(d -> d.isAfter(place.day))
                    .findFirst()
                    .map(d -> new Place(d, 0));
        } catch (NoSuchFileException never) {
            return days().stream().findFirst().map(d -> new Place(d, 0));
        }
    }

    /** Remembers what was forwarded. */
    void forwarded(Place place) throws IOException {
        Path half = folder.resolve(PLACE + ".new");
        Files.writeString(half, place.day + " " + place.offset + "\n");
        Files.move(half, folder.resolve(PLACE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The lines from a place on, as many as come at once; none if there are none yet. */
    Lines linesFrom(Place place) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES_AT_ONCE);
        try (FileChannel in = FileChannel.open(path(place.day), StandardOpenOption.READ)) {
            in.position(place.offset);
            while (bytes.hasRemaining() && in.read(bytes) >= 0) {
                // Reads on until the file or the buffer ends.
            }
        }
        List<byte[]> lines = new ArrayList<>();
        byte[] read = bytes.array();
        int start = 0;
        for (int i = 0; i < bytes.position(); i++) {
            if (read[i] == '\n') {
                lines.add(java.util.Arrays.copyOfRange(read, start, i));
                start = i + 1;
            }
        }
        Place next = new Place(place.day, place.offset + start);
        if (lines.isEmpty() && bytes.position() == MOST_BYTES_AT_ONCE) {
            throw new IOException(
                    "a line of %s is longer than %d bytes"
                            .formatted(path(place.day), MOST_BYTES_AT_ONCE));
        }
        if (lines.isEmpty()) {
            // This day is done when a later one has begun.
            LocalDate later =
                    days().stream().filter(d -> d.isAfter(place.day)).findFirst().orElse(null);
            if (later != null) {
                return new Lines(lines, new Place(later, 0));
            }
        }
        return new Lines(lines, next);
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel open = file;
        file = null;
        day = null;
        if (open != null) {
            open.close();
        }
    }

    private Path path(LocalDate d) {
        return folder.resolve(d + SUFFIX);
    }

    private List<LocalDate> days() throws IOException {
        List<LocalDate> days = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path f : files.toList()) {
                String name = f.getFileName().toString();
                if (!name.endsWith(SUFFIX)) {
                    continue;
                }
                try {
                    days.add(LocalDate.parse(name.substring(0, name.length() - SUFFIX.length())));
                } catch (DateTimeParseException e) {
                    LOG.debugf("%s is not of the audit trail", f);
                }
            }
        }
        days.sort(null);
        return days;
    }
}
