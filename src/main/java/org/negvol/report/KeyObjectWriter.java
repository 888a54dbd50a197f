package org.negvol.report;

import static org.negvol.report.ContentItem.Relationship.CONTAINS;
import static org.negvol.report.ContentItem.Relationship.HAS_CONCEPT_MOD;

import java.util.List;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/**
 * Writes the Key Object Selection (PS3.3 A.35.4, TID 2010) that names the results of a study, so
 * that a reader finds them among its series.
 */
final class KeyObjectWriter {

    private final StudyResult result;
    private final ResultIdentity identity;
    private final CommonModules modules;

    KeyObjectWriter(StudyResult result, ResultIdentity identity, CommonModules modules) {
        this.result = result;
        this.identity = identity;
        this.modules = modules;
    }

    ResultObject write(List<ResultObject> objects) {
        Attributes ds = modules.start(ResultObject.Kind.KEY_OBJECT_SELECTION);
        ds.setNull(Tag.ReferencedPerformedProcedureStepSequence, VR.SQ);
        modules.evidence(ds, Tag.CurrentRequestedProcedureEvidenceSequence, List.of(), objects);
        ContentItem root = ContentItem.root(ds, Codes.OF_INTEREST, "2010");
        root.code(HAS_CONCEPT_MOD, Codes.LANGUAGE, Codes.ENGLISH);
        DeviceObserver.describe(root, result, identity);
        root.text(
                CONTAINS,
                Codes.KEY_OBJECT_DESCRIPTION,
                result.outcome().sentence() + " " + ResultWords.INTENDED_USE);
        for (ResultObject object : objects) {
            if (object.kind().image()) {
                root.image(CONTAINS, object);
            } else {
                root.composite(CONTAINS, object.sopClassUid(), object.sopInstanceUid());
            }
        }
        return new ResultObject(ResultObject.Kind.KEY_OBJECT_SELECTION, ds);
    }
}
