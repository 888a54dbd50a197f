package org.negvol.dimse;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.negvol.dicom.Attributes;

/** One C-FIND as SCP. */
final class FindOperation extends Operation implements CFindHandler.Matches {

    private static final Logger LOG = System.getLogger(FindOperation.class.getName());

    private final Association association;
    private final Negotiation.Context context;
    private final Attributes command;
    private final QueryRequest query;
    private final CFindHandler handler;

    FindOperation(
            Association association,
            Negotiation.Context context,
            Attributes command,
            QueryRequest query,
            CFindHandler handler) {
        this.association = association;
        this.context = context;
        this.command = command;
        this.query = query;
        this.handler = handler;
    }

    @Override
    DimseStatus run() throws IOException {
        DimseStatus status;
        try {
            status = handler.find(query, this);
        } catch (IOException | RuntimeException e) {
            association.requireOpen();
            LOG.log(Level.ERROR, association.info() + ": query not answered", e);
            status = DimseStatus.CANNOT_UNDERSTAND.withComment("the query cannot be answered");
        }
        if (isCancelled()) {
            status = DimseStatus.CANCEL;
        }
        association.respond(context.id(), Commands.response(command, status, false), null);
        return status;
    }

    @Override
    public boolean send(Attributes match, boolean allKeysSupported) throws IOException {
        if (isCancelled()) {
            return false;
        }
        association.respond(
                context.id(),
                Commands.response(
                        command,
                        allKeysSupported ? DimseStatus.PENDING : DimseStatus.PENDING_WARNING,
                        true),
                Association.encoded(context, match));
        return !isCancelled();
    }
}
