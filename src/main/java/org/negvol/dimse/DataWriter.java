package org.negvol.dimse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ReadableByteChannel;

/** Writes a data set, already encoded or encoding it as it goes, as its bytes are sent. */
@FunctionalInterface
public interface DataWriter {

    /**
     * Writes the bytes of the data set, without File Meta Information.
     *
     * @param out what goes to the peer; not to be closed
     * @throws IOException where the source fails: the association is aborted if part of the data
     *     set is sent by then
     */
    void writeTo(OutputStream out) throws IOException;

    /** What the stream has left. */
    static DataWriter of(InputStream in) {
        return in::transferTo;
    }

    /**
     * What the channel has left; a file channel positioned behind the File Meta Information is sent
     * without passing through the heap.
     */
    static DataWriter of(ReadableByteChannel channel) {
        return out -> {
            if (out instanceof PdvOutputStream pdvs) {
                pdvs.transferFrom(channel);
            } else {
                java.nio.channels.Channels.newInputStream(channel).transferTo(out);
            }
        };
    }
}
