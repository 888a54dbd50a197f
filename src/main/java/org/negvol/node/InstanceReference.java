package org.negvol.node;

import java.util.ArrayList;
import java.util.List;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/**
 * An instance as others refer to it (PS3.3 table 10-11).
 *
 * @param sopClassUid Referenced SOP Class UID
 * @param sopInstanceUid Referenced SOP Instance UID
 */
record InstanceReference(String sopClassUid, String sopInstanceUid) {

    /** Those of a sequence that name both UIDs. */
    static List<InstanceReference> of(List<Attributes> sequence) {
        List<InstanceReference> references = new ArrayList<>();
        for (Attributes item : sequence) {
            String sopClass = item.getString(Tag.ReferencedSOPClassUID);
            String instance = item.getString(Tag.ReferencedSOPInstanceUID);
            if (sopClass != null && instance != null) {
                references.add(new InstanceReference(sopClass, instance));
            }
        }
        return references;
    }

    void addTo(Attributes dataset, int sequenceTag) {
        item(dataset, sequenceTag);
    }

    Attributes item(Attributes dataset, int sequenceTag) {
        return dataset.newItem(sequenceTag)
                .setString(Tag.ReferencedSOPClassUID, VR.UI, sopClassUid)
                .setString(Tag.ReferencedSOPInstanceUID, VR.UI, sopInstanceUid);
    }
}
