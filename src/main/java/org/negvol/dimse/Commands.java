package org.negvol.dimse;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;

/** Makes command sets and reads them (PS3.7 9.3, 10.3, annex E). */
final class Commands {

    /** Any Command Data Set Type but {@link MessageInput#NO_DATASET} says that there is one. */
    private static final int DATASET = 0x0000;

    private Commands() {}

    static Attributes request(
            CommandField field, int messageId, @Nullable String sopClassUid, boolean dataset) {
        Attributes command =
                new Attributes()
                        .setInt(Tag.CommandField, VR.US, field.code())
                        .setInt(Tag.MessageID, VR.US, messageId)
                        .setInt(
                                Tag.CommandDataSetType,
                                VR.US,
                                dataset ? DATASET : MessageInput.NO_DATASET);
        if (sopClassUid != null) {
            command.setString(sopClassTag(field), VR.UI, sopClassUid);
        }
        return command;
    }

    /** C-STORE-RQ. */
    static Attributes storeRequest(
            int messageId, String sopClassUid, String sopInstanceUid, int priority) {
        return request(CommandField.C_STORE, messageId, sopClassUid, true)
                .setInt(Tag.Priority, VR.US, priority)
                .setString(Tag.AffectedSOPInstanceUID, VR.UI, sopInstanceUid);
    }

    /** C-FIND-RQ, C-MOVE-RQ, C-GET-RQ of medium priority. */
    static Attributes queryRequest(CommandField field, int messageId, String sopClassUid) {
        return request(field, messageId, sopClassUid, true).setInt(Tag.Priority, VR.US, 0);
    }

    /** A request of a normalized service. */
    static Attributes normalizedRequest(
            CommandField field,
            int messageId,
            String sopClassUid,
            String sopInstanceUid,
            boolean dataset) {
        boolean affected = sopClassTag(field) == Tag.AffectedSOPClassUID;
        return request(field, messageId, sopClassUid, dataset)
                .setString(
                        affected ? Tag.AffectedSOPInstanceUID : Tag.RequestedSOPInstanceUID,
                        VR.UI,
                        sopInstanceUid);
    }

    /** C-CANCEL-RQ. */
    static Attributes cancel(int messageId) {
        return new Attributes()
                .setInt(Tag.CommandField, VR.US, CommandField.C_CANCEL.code())
                .setInt(Tag.MessageIDBeingRespondedTo, VR.US, messageId)
                .setInt(Tag.CommandDataSetType, VR.US, MessageInput.NO_DATASET);
    }

    /** What a C-MOVE-RSP or C-GET-RSP says. */
    static RetrieveResult retrieveResult(Invocation.Response response) {
        Attributes command = response.command();
        Attributes dataset = response.dataset();
        return new RetrieveResult(
                response.status(),
                command.getInt(Tag.NumberOfRemainingSuboperations, 0),
                command.getInt(Tag.NumberOfCompletedSuboperations, 0),
                command.getInt(Tag.NumberOfFailedSuboperations, 0),
                command.getInt(Tag.NumberOfWarningSuboperations, 0),
                dataset == null
                        ? List.of()
                        : List.of(dataset.getStrings(Tag.FailedSOPInstanceUIDList)));
    }

    /**
     * The response to a request, which repeats what identifies it.
     *
     * @param dataset whether a data set follows
     */
    static Attributes response(Attributes request, DimseStatus status, boolean dataset) {
        int field = request.getInt(Tag.CommandField, 0);
        Attributes response =
                new Attributes()
                        .setInt(Tag.CommandField, VR.US, field | CommandField.RESPONSE)
                        .setInt(
                                Tag.MessageIDBeingRespondedTo,
                                VR.US,
                                request.getInt(Tag.MessageID, 0))
                        .setInt(
                                Tag.CommandDataSetType,
                                VR.US,
                                dataset ? DATASET : MessageInput.NO_DATASET)
                        .setInt(Tag.Status, VR.US, status.code());
        copyUid(sopClassUid(request), Tag.AffectedSOPClassUID, response);
        copyUid(sopInstanceUid(request), Tag.AffectedSOPInstanceUID, response);
        String comment = status.errorComment();
        if (comment != null && !status.isSuccess()) {
            response.setString(Tag.ErrorComment, VR.LO, comment);
        }
        return response;
    }

    private static void copyUid(@Nullable String uid, int tag, Attributes response) {
        // What is no UID is not sent back: the peer may be fooled by its own nonsense.
        if (uid != null && UIDUtils.isUsable(uid)) {
            response.setString(tag, VR.UI, uid);
        }
    }

    /** Affected or Requested SOP Class UID of a request. */
    static @Nullable String sopClassUid(Attributes request) {
        String affected = request.getString(Tag.AffectedSOPClassUID);
        return affected != null ? affected : request.getString(Tag.RequestedSOPClassUID);
    }

    /** Affected or Requested SOP Instance UID of a request. */
    static @Nullable String sopInstanceUid(Attributes request) {
        String affected = request.getString(Tag.AffectedSOPInstanceUID);
        return affected != null ? affected : request.getString(Tag.RequestedSOPInstanceUID);
    }

    /** The status of a response. */
    static DimseStatus status(Attributes response) {
        return new DimseStatus(
                response.getInt(Tag.Status, DimseStatus.PROCESSING_FAILURE.code()) & 0xffff,
                response.getString(Tag.ErrorComment));
    }

    /**
     * Operations on an instance that exists name its class as requested, the others as affected.
     */
    private static int sopClassTag(CommandField field) {
        return switch (field) {
            case N_GET, N_SET, N_ACTION, N_DELETE -> Tag.RequestedSOPClassUID;
            case C_STORE, C_GET, C_FIND, C_MOVE, C_ECHO, N_EVENT_REPORT, N_CREATE, C_CANCEL ->
                    Tag.AffectedSOPClassUID;
        };
    }
}
