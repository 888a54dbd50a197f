package org.negvol.workflow;

import java.io.IOException;
import java.util.List;
import org.negvol.segmentation.JointLocation;
import org.negvol.segmentation.JointSegmentation;
import org.negvol.segmentation.Localization;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Intensity;

/** Finds the joints of a scan and the bones of a joint; called from several threads at once. */
public interface BoneFinder {

    /**
     * @throws IOException if a slice cannot be read
     */
    Localization locate(CtSeries series) throws IOException;

    /**
     * @throws IOException if a slice cannot be read
     */
    JointSegmentation segment(CtSeries series, Intensity intensity, JointLocation.Found joint)
            throws IOException;

    /** The networks that take part. */
    List<ModelIdentity> models();

    /** The networks' way. */
    static BoneFinder of(SegmentationModels models) {
        return new BoneFinder() {
            @Override
            public Localization locate(CtSeries series) throws IOException {
                return models.localizer().locate(series);
            }

            @Override
            public JointSegmentation segment(
                    CtSeries series, Intensity intensity, JointLocation.Found joint)
                    throws IOException {
                return models.segmenter().segment(series, intensity, joint);
            }

            @Override
            public List<ModelIdentity> models() {
                return models.identities();
            }
        };
    }
}
