package org.negvol.report;

import static org.negvol.report.ContentItem.Relationship.HAS_OBS_CONTEXT;

/** negvol as the observer of what a document says: TID 1001, 1002 and 1004. */
final class DeviceObserver {

    private DeviceObserver() {}

    static void describe(ContentItem root, StudyResult result, ResultIdentity identity) {
        root.code(HAS_OBS_CONTEXT, Codes.OBSERVER_TYPE, Codes.DEVICE);
        root.uid(HAS_OBS_CONTEXT, Codes.DEVICE_OBSERVER_UID, identity.deviceUid());
        root.text(HAS_OBS_CONTEXT, Codes.DEVICE_OBSERVER_NAME, ResultWords.MAKER);
        root.text(HAS_OBS_CONTEXT, Codes.DEVICE_OBSERVER_MANUFACTURER, ResultWords.MAKER);
        root.text(
                HAS_OBS_CONTEXT,
                Codes.DEVICE_OBSERVER_MODEL,
                ResultWords.MAKER + " " + result.pipelineVersion());
        root.text(HAS_OBS_CONTEXT, Codes.DEVICE_OBSERVER_SERIAL, identity.deviceSerialNumber());
    }
}
