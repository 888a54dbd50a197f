package org.negvol.dimse;

import java.io.ByteArrayOutputStream;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomException;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;

/** Puts PDVs together to DIMSE messages (PS3.8 annex E, PS3.7 6.3). */
final class MessageInput {

    /** Longest command set: one of N-GET with ten thousand attributes, bytes. */
    private static final int MAX_COMMAND_LENGTH = 1 << 16;

    /** Command Data Set Type that says there is no data set. */
    static final int NO_DATASET = 0x0101;

    private final UpperLayer upperLayer;
    private final IntPredicate acceptedContext;
    private final long timeoutNanos;
    private final long maxDatasetBytes;

    /**
     * @param acceptedContext whether a presentation context id was accepted
     * @param timeoutNanos how long the next PDU of an unfinished message may take
     */
    MessageInput(
            UpperLayer upperLayer,
            IntPredicate acceptedContext,
            long timeoutNanos,
            long maxDatasetBytes) {
        this.upperLayer = upperLayer;
        this.acceptedContext = acceptedContext;
        this.timeoutNanos = timeoutNanos;
        this.maxDatasetBytes = maxDatasetBytes;
    }

    /** What came. */
    sealed interface Step {}

    /**
     * A message.
     *
     * @param dataset its data set, to be finished before the next message; null where there is none
     */
    record Message(int contextId, Attributes command, @Nullable DatasetInputStream dataset)
            implements Step {}

    /** The peer asks for release. */
    record Release() implements Step {}

    /** The association is over. */
    record End(UpperLayer.Ended how) implements Step {}

    /**
     * Waits for the next message.
     *
     * @param idleNanos how long its first PDU may take; 0 for ever
     */
    Step next(long idleNanos) {
        UpperLayer.Indication first = upperLayer.next(idleNanos);
        return switch (first) {
            case UpperLayer.Pdv pdv -> message(pdv);
            case UpperLayer.ReleaseRequested() -> new Release();
            case UpperLayer.Ended ended -> new End(ended);
            default -> new End(upperLayer.abort("association negotiated twice"));
        };
    }

    private Step message(UpperLayer.Pdv first) {
        int contextId = first.contextId();
        if (!acceptedContext.test(contextId)) {
            return invalid("presentation context %d was not accepted".formatted(contextId));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        byte[] part = new byte[512];
        UpperLayer.Indication indication = first;
        while (true) {
            switch (indication) {
                case UpperLayer.Pdv pdv -> {
                    if (!pdv.command()) {
                        return invalid("data set without a command set");
                    }
                    if (pdv.contextId() != contextId) {
                        return invalid("command set goes on in another presentation context");
                    }
                    try {
                        int read;
                        while ((read = upperLayer.data().readPdv(part, 0, part.length)) > 0) {
                            bytes.write(part, 0, read);
                            if (bytes.size() > MAX_COMMAND_LENGTH) {
                                return invalid(
                                        "command set longer than %d bytes"
                                                .formatted(MAX_COMMAND_LENGTH));
                            }
                        }
                    } catch (java.io.IOException e) {
                        return new End(upperLayer.failed(e));
                    }
                    if (pdv.last()) {
                        return message(contextId, bytes.toByteArray());
                    }
                }
                case UpperLayer.Ended ended -> {
                    return new End(ended);
                }
                default -> {
                    return new End(upperLayer.abort("release asked for inside a command set"));
                }
            }
            indication = upperLayer.next(timeoutNanos);
        }
    }

    private Step message(int contextId, byte[] bytes) {
        Attributes command;
        try {
            command = DicomInputStream.decodeCommand(bytes);
        } catch (DicomException e) {
            return new End(upperLayer.abort("no command set: " + e.getMessage()));
        }
        boolean hasDataset = command.getInt(Tag.CommandDataSetType, NO_DATASET) != NO_DATASET;
        return new Message(
                contextId,
                command,
                hasDataset
                        ? new DatasetInputStream(
                                upperLayer, contextId, timeoutNanos, maxDatasetBytes)
                        : null);
    }

    private End invalid(String why) {
        return new End(upperLayer.protocolError(Abort.INVALID_PARAMETER_VALUE, why));
    }
}
