package org.negvol.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.negvol.dicom.UIDUtils;
import org.negvol.segmentation.ModelIdentity;

/**
 * The UIDs of one study's result objects. They follow from what was processed and by what: the same
 * images, networks, parameters and version give the same UIDs, so that a study processed twice is
 * stored once; a late slice or a new version gives new ones beside the old.
 */
final class ResultIdentity {

    private final String seriesUid;
    private final String run;
    private final String device;

    ResultIdentity(StudyResult result) {
        seriesUid = result.source().seriesInstanceUid();
        String software =
                result.pipelineVersion()
                        + result.models().stream()
                                .map(ModelIdentity::sha256)
                                .collect(Collectors.joining("|", "|", ""));
        device = digest(software).substring(0, 16);
        run =
                digest(
                        result.source().images().stream()
                                        .map(ResultIdentity::name)
                                        .sorted()
                                        .collect(Collectors.joining("|"))
                                + "|"
                                + software
                                + "|"
                                + MeasureCode.of(result.outcome()).value()
                                + result.joints().stream()
                                        .map(j -> "|" + j.side() + j.surfaces().parameters())
                                        .collect(Collectors.joining()));
    }

    private static String name(SourceImage image) {
        return image.sopInstanceUid() + (image.frame() == 0 ? "" : "#" + image.frame());
    }

    /**
     * The UID of something that belongs to this run: an instance, a series, a dimension
     * organization.
     *
     * @param role what it is, different for every thing
     */
    String uid(String role) {
        return UIDUtils.createNameBasedUID("negvol", "result", seriesUid, run, role);
    }

    /** The UID of a thing in the patient, the same for every run on the series. */
    String trackingUid(String what) {
        return UIDUtils.createNameBasedUID("negvol", "tracking", seriesUid, what);
    }

    /** A frame of reference for a series that has none. */
    String frameOfReferenceUid() {
        return UIDUtils.createNameBasedUID("negvol", "frame of reference", seriesUid);
    }

    /** Device Serial Number (0018,1000): tells version and networks, 16 hexadecimal digits. */
    String deviceSerialNumber() {
        return device;
    }

    /** The UID of the software with these networks as an observer. */
    String deviceUid() {
        return UIDUtils.createNameBasedUID("negvol", "device", device);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
