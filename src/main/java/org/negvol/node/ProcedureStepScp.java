package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.negvol.archive.ArchiveQuery;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.NCreateHandler;
import org.negvol.dimse.NRequest;
import org.negvol.dimse.NResponse;
import org.negvol.dimse.NSetHandler;

/**
 * Modality Performed Procedure Step SCP (PS3.4 F.7). A step that is completed tells which series it
 * made: those that are here whole need wait for nothing.
 */
@ApplicationScoped
class ProcedureStepScp {

    private static final Logger LOG = Logger.getLogger(ProcedureStepScp.class);

    static final String IN_PROGRESS = "IN PROGRESS";
    static final String COMPLETED = "COMPLETED";
    static final String DISCONTINUED = "DISCONTINUED";

    /** PS3.4 F.7.2.2.3: the step is final. The error id says so to those who look. */
    private static final String FINAL = "Performed Procedure Step Object may no longer be updated";

    private final ProcedureStepStore store;
    private final ArchiveQuery archive;
    private final Event<SeriesAnnounced> announcements;

    ProcedureStepScp(
            ProcedureStepStore store, ArchiveQuery archive, Event<SeriesAnnounced> announcements) {
        this.store = store;
        this.archive = archive;
        this.announcements = announcements;
    }

    NCreateHandler createHandler() {
        return new NCreateHandler() {
            @Override
            public boolean serves(String sopClassUid) {
                return sopClassUid.equals(UID.ModalityPerformedProcedureStep);
            }

            @Override
            public NResponse create(NRequest rq) {
                return created(rq);
            }
        };
    }

    NSetHandler setHandler() {
        return new NSetHandler() {
            @Override
            public boolean serves(String sopClassUid) {
                return sopClassUid.equals(UID.ModalityPerformedProcedureStep);
            }

            @Override
            public NResponse set(NRequest rq) {
                return changed(rq);
            }
        };
    }

    private NResponse created(NRequest rq) {
        String status = rq.dataset().getString(Tag.PerformedProcedureStepStatus);
        if (status == null) {
            return NResponse.of(
                    DimseStatus.MISSING_ATTRIBUTE.withComment("Performed Procedure Step Status"));
        }
        if (!status.equals(IN_PROGRESS)) {
            return NResponse.of(
                    DimseStatus.INVALID_ATTRIBUTE_VALUE.withComment("a step begins IN PROGRESS"));
        }
        boolean named = !rq.sopInstanceUid().isEmpty();
        String uid = named ? rq.sopInstanceUid() : UIDUtils.createUID();
        String caller = rq.association().info().callingAet();
        if (!store.create(uid, status, caller, rq.dataset())) {
            return NResponse.of(DimseStatus.DUPLICATE_SOP_INSTANCE);
        }
        return new NResponse(DimseStatus.SUCCESS, uid, null, null);
    }

    private NResponse changed(NRequest rq) {
        Optional<ProcedureStepStore.Step> found = store.find(rq.sopInstanceUid());
        if (found.isEmpty()) {
            return NResponse.of(DimseStatus.NO_SUCH_OBJECT_INSTANCE);
        }
        ProcedureStepStore.Step step = found.get();
        if (!step.status().equals(IN_PROGRESS)) {
            return NResponse.of(DimseStatus.PROCESSING_FAILURE.withComment(FINAL));
        }
        String status = rq.dataset().getString(Tag.PerformedProcedureStepStatus, step.status());
        if (!List.of(IN_PROGRESS, COMPLETED, DISCONTINUED).contains(status)) {
            return NResponse.of(DimseStatus.INVALID_ATTRIBUTE_VALUE);
        }
        Attributes attributes = new Attributes(step.attributes());
        attributes.addAll(rq.dataset());
        store.change(rq.sopInstanceUid(), status, attributes);
        if (status.equals(COMPLETED)) {
            String caller = rq.association().info().callingAet();
            return NResponse.of(DimseStatus.SUCCESS)
                    .withAfterwards(() -> announce(caller, attributes));
        }
        return NResponse.of(DimseStatus.SUCCESS);
    }

    private void announce(String caller, Attributes step) {
        Map<Long, Integer> whole = new HashMap<>();
        for (Attributes series : step.getSequence(Tag.PerformedSeriesSequence)) {
            List<String> named = new ArrayList<>();
            for (int tag :
                    new int[] {
                        Tag.ReferencedImageSequence,
                        Tag.ReferencedNonImageCompositeSOPInstanceSequence
                    }) {
                InstanceReference.of(series.getSequence(tag))
                        .forEach(r -> named.add(r.sopInstanceUid()));
            }
            Map<String, ArchiveQuery.Held> held = archive.held(named);
            // A step that names no instances, or some that are still on their way, says nothing.
            if (held.size() == named.size()) {
                held.values().forEach(h -> whole.merge(h.seriesId(), 1, Integer::sum));
            }
        }
        if (whole.isEmpty()) {
            return;
        }
        try {
            announcements.fire(new SeriesAnnounced(caller, "a completed procedure step", whole));
        } catch (RuntimeException e) {
            LOG.errorf(e, "The completed procedure step from %s was not heard", caller);
        }
    }
}
