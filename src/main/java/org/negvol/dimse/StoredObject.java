package org.negvol.dimse;

import java.io.IOException;
import java.io.InputStream;

/**
 * An object that can be sent.
 *
 * @param sopClassUid SOP Class UID
 * @param sopInstanceUid SOP Instance UID
 * @param transferSyntaxUid how its data set is encoded
 * @param source where its data set is
 */
public record StoredObject(
        String sopClassUid, String sopInstanceUid, String transferSyntaxUid, Source source) {

    /** Opens the bytes of a data set. */
    @FunctionalInterface
    public interface Source {
        /** The data set from its first byte, without File Meta Information. */
        InputStream open() throws IOException;
    }
}
