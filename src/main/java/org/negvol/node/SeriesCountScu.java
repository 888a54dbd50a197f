package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.negvol.config.RemoteAe;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.dimse.Association;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.DimseTimeouts;
import org.negvol.dimse.PresentationPolicy;

/** Query as SCU (PS3.4 C): how many instances does a sender say that the series of a study have? */
@ApplicationScoped
public class SeriesCountScu {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** More than studies have; the rest of an endless answer is not wanted. */
    private static final int MOST_SERIES = 10_000;

    private static final String FIND = UID.StudyRootQueryRetrieveInformationModelFind;

    private final Tls tls;

    SeriesCountScu(Tls tls) {
        this.tls = tls;
    }

    /**
     * Asks for Number of Series Related Instances (0020,1209).
     *
     * @return the number by Series Instance UID; without those of which the peer does not say it
     * @throws IOException if the peer does not answer, or not with success
     */
    public Map<String, Integer> instancesBySeries(RemoteAe source, String studyInstanceUid)
            throws IOException {
        Attributes keys =
                new Attributes()
                        .setString(Tag.QueryRetrieveLevel, VR.CS, "SERIES")
                        .setString(Tag.StudyInstanceUID, VR.UI, studyInstanceUid)
                        .setNull(Tag.SeriesInstanceUID, VR.UI)
                        .setNull(Tag.NumberOfSeriesRelatedInstances, VR.IS);
        Map<String, Integer> counts = new HashMap<>();
        try (Association association =
                Association.open(
                        tls.call(source)
                                .propose(FIND, PresentationPolicy.NATIVE)
                                .withTimeouts(
                                        DimseTimeouts.DEFAULT
                                                .withConnect(CONNECT)
                                                .withResponse(ANSWER)))) {
            DimseStatus status =
                    association.find(
                            FIND,
                            keys,
                            match -> {
                                int instances = match.getInt(Tag.NumberOfSeriesRelatedInstances, 0);
                                if (instances > 0) {
                                    counts.put(
                                            match.getString(Tag.SeriesInstanceUID, ""), instances);
                                }
                                return counts.size() < MOST_SERIES;
                            });
            if (status.isFailure()) {
                throw new IOException("the query was answered with status " + status);
            }
        }
        return counts;
    }
}
