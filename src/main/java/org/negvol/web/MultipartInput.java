package org.negvol.web;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.BlockInputStream;

/** Reads the parts of a multipart body (RFC 2046 5.1) one after the other, holding none. */
final class MultipartInput {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MOST_HEADER_BYTES = 1 << 13;

    /** RFC 2046 5.1.1. */
    private static final int LONGEST_BOUNDARY = 70;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private boolean ended;
    private @Nullable InputStream open;

    /** The body is not what its type says. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * A part.
     *
     * @param headers by their names in lower case
     * @param body ends where the part does
     */
    record Part(Map<String, String> headers, InputStream body) {
        Part {
            headers = Map.copyOf(headers);
        }
    }

    MultipartInput(InputStream in, String boundary) throws MalformedException {
        if (boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY) {
            throw new MalformedException("the boundary must have 1 to 70 characters");
        }
        this.in = in;
        delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter may stand at the very start.
        buffer[0] = '\r';
        buffer[1] = '\n';
        end = 2;
        open = new Body();
    }

    /**
     * The next part; what was not read of the one before is skipped.
     *
     * @return null after the last one
     * @throws MalformedException if the body is damaged
     */
    @Nullable Part next() throws IOException {
        if (ended) {
            return null;
        }
        if (open != null) {
            open.transferTo(java.io.OutputStream.nullOutputStream());
            open = null;
        }
        if (!fill(delimiter.length + 2)) {
            throw cut();
        }
        at += delimiter.length;
        if (buffer[at] == '-' && buffer[at + 1] == '-') {
            ended = true;
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return null;
        }
        line(MOST_HEADER_BYTES);
        Map<String, String> headers = new HashMap<>();
        int left = MOST_HEADER_BYTES;
        while (true) {
            String line = line(left);
            left -= line.length() + 2;
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        Body body = new Body();
        open = body;
        return new Part(headers, body);
    }

    private String line(int most) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() <= most) {
            if (!fill(1)) {
                throw cut();
            }
            char c = (char) (buffer[at++] & 0xFF);
            if (c == '\n') {
                int n = line.length();
                return n > 0 && line.charAt(n - 1) == '\r'
                        ? line.substring(0, n - 1)
                        : line.toString();
            }
            line.append(c);
        }
        throw new MalformedException("the headers of a part are too long");
    }

    private static EOFException cut() {
        return new EOFException("the multipart body ends before its last boundary");
    }

    /** Makes so many bytes lie in the buffer; false if the body is shorter. */
    private boolean fill(int wanted) throws IOException {
        if (end - at >= wanted) {
            return true;
        }
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        while (end < wanted) {
            int got = in.read(buffer, end, buffer.length - end);
            if (got < 0) {
                return false;
            }
            end += got;
        }
        return true;
    }

    /** Bytes up to the next delimiter. */
    private final class Body extends BlockInputStream {

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            if (len == 0) {
                return 0;
            }
            if (open != this) {
                return -1;
            }
            if (!fill(delimiter.length)) {
                throw cut();
            }
            int free = 0;
            while (at + free + delimiter.length <= end && !delimiterAt(at + free)) {
                free++;
                if (free == len) {
                    break;
                }
            }
            if (free == 0) {
                open = null;
                return -1;
            }
            System.arraycopy(buffer, at, b, off, free);
            at += free;
            return free;
        }

        private boolean delimiterAt(int from) {
            for (int i = 0; i < delimiter.length; i++) {
                if (buffer[from + i] != delimiter[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
