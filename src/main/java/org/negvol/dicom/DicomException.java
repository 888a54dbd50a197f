package org.negvol.dicom;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bytes that are no data set, or a data set that cannot be written or decoded. */
public final class DicomException extends IOException {

    private static final long serialVersionUID = 1;

    /** Stands for a place that is not known. */
    private static final long NOWHERE = -1;

    private final boolean hasTag;
    private final int tag;
    private final long position;

    public DicomException(String message) {
        this(message, null);
    }

    public DicomException(String message, @Nullable Throwable cause) {
        super(message, cause);
        hasTag = false;
        tag = 0;
        position = NOWHERE;
    }

    /** About the element of a tag, wherever it stands. */
    public DicomException(int tag, String message) {
        super(ElementDictionary.toString(tag) + ": " + message);
        hasTag = true;
        this.tag = tag;
        position = NOWHERE;
    }

    /** About the element of a tag at a byte of the stream. */
    public DicomException(int tag, long position, String message) {
        super(ElementDictionary.toString(tag) + " at byte " + position + ": " + message);
        hasTag = true;
        this.tag = tag;
        this.position = position;
    }

    /** Whether the error belongs to one element. */
    public boolean hasTag() {
        return hasTag;
    }

    /** The element's tag, 0 if the error belongs to none. */
    public int tag() {
        return tag;
    }

    /** Byte offset in the stream where the element stands, -1 if not known. */
    public long position() {
        return position;
    }
}
