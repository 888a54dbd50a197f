package org.negvol.workflow;

import java.time.Duration;

/**
 * Is a series complete?
 *
 * <p>DICOM has no word for "this was the last slice". The rules, in their order:
 *
 * <ol>
 *   <li>a multi-frame object is stored and its frames make the volume: complete, whatever else may
 *       come;
 *   <li>the association that brought every slice of the series was released, the slices make a
 *       volume, and no other association brings more: complete. Slices that came over several
 *       associations say nothing, since some senders open one for each image;
 *   <li>the scanner has listed the instances of the series, asking for storage commitment or
 *       completing a procedure step, or asked by C-FIND has said their number, and all are here: as
 *       if one association had brought them;
 *   <li>nothing came for the {@linkplain QuietPeriods quiet period} of its sender: complete,
 *       whatever the slices make. Where they make no volume the whole study must have been quiet,
 *       since a scanner sends its localizer first and a result for it would come too early.
 * </ol>
 */
final class ReleaseRules {

    private ReleaseRules() {}

    /**
     * What is known of a series with new instances.
     *
     * @param instances how many instances it has
     * @param fromReleased how many of them came over the association that was just released, or
     *     were listed by the scanner; 0 if neither
     * @param isBeingSent whether another association may bring more
     * @param isVolume whether its slices make a volume
     * @param isVolumeOfOneObject whether the slices of the volume are frames that came as a whole
     * @param quiet how long no instance of it came
     * @param studyQuiet how long no instance of its study came
     */
    record Arrivals(
            int instances,
            int fromReleased,
            boolean isBeingSent,
            boolean isVolume,
            boolean isVolumeOfOneObject,
            Duration quiet,
            Duration studyQuiet) {

        /** The same with other images. */
        Arrivals with(boolean volume, boolean volumeOfOneObject) {
            return new Arrivals(
                    instances,
                    fromReleased,
                    isBeingSent,
                    volume,
                    volumeOfOneObject,
                    quiet,
                    studyQuiet);
        }
    }

    /**
     * What is not complete with images that make a volume, or one of a single object, is not
     * complete with others.
     *
     * @param quietPeriod what counts as quiet
     */
    static boolean isComplete(Arrivals series, Duration quietPeriod) {
        if (series.isVolumeOfOneObject) {
            return true;
        }
        if (series.fromReleased >= series.instances && series.isVolume && !series.isBeingSent) {
            return true;
        }
        Duration quiet = series.isVolume ? series.quiet : series.studyQuiet;
        return quiet.compareTo(quietPeriod) >= 0;
    }
}
