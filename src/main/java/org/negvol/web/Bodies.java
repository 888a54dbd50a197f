package org.negvol.web;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Answers that are written while they are sent, so that none is held. */
final class Bodies {

    private Bodies() {}

    /** Writes a body while it is sent. */
    @FunctionalInterface
    interface Body {
        void write(OutputStream out) throws IOException;
    }

    static Response streamed(String type, Body body) {
        StreamingOutput output = body::write;
        return Response.ok(output, type).build();
    }

    /** Writes the parts of a body while it is sent. */
    @FunctionalInterface
    interface Parts {
        void write(PartWriter writer) throws IOException;
    }

    static final class PartWriter {
        private final OutputStream out;
        private final String boundary;

        PartWriter(OutputStream out, String boundary) {
            this.out = out;
            this.boundary = boundary;
        }

        OutputStream part(String type) throws IOException {
            text("\r\n--%s\r\nContent-Type: %s\r\n\r\n".formatted(boundary, type));
            return out;
        }

        OutputStream part(String type, String location, int length) throws IOException {
            text(
                    "\r\n--%s\r\nContent-Type: %s\r\nContent-Location: %s\r\nContent-Length: %d\r\n\r\n"
                            .formatted(boundary, type, location, length));
            return out;
        }

        void end() throws IOException {
            text("\r\n--%s--\r\n".formatted(boundary));
        }

        private void text(String s) throws IOException {
            out.write(s.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    static Response parts(String type, Parts parts) {
        String boundary = UUID.randomUUID().toString();
        return streamed(
                "%s; type=\"%s\"; boundary=%s".formatted(MediaRange.RELATED, type, boundary),
                out -> {
                    PartWriter writer = new PartWriter(out, boundary);
                    parts.write(writer);
                    writer.end();
                });
    }
}
