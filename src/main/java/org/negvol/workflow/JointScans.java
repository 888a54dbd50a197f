package org.negvol.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.ArchivedSeries;
import org.negvol.measure.Landmark;
import org.negvol.volume.CtSeries;
import org.negvol.volume.SliceHeader;
import org.negvol.volume.SliceStack;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VoiReader;

/**
 * Reads the CT round a measured joint for the eye: a megabyte or three, where the whole slices
 * through it would be a hundred. Only the rows of the files that the joint needs are read.
 */
@ApplicationScoped
public class JointScans {

    /** Read at the same time; whoever comes later waits. */
    private static final int MOST_AT_ONCE = 2;

    private final StudyView studies;
    private final ArchiveIndex index;
    private final Archive archive;
    private final CtImages ctImages;
    private final ObjectMapper json;
    private final Semaphore turns = new Semaphore(MOST_AT_ONCE, true);

    JointScans(
            StudyView studies,
            ArchiveIndex index,
            Archive archive,
            CtImages ctImages,
            ObjectMapper json) {
        this.studies = studies;
        this.index = index;
        this.archive = archive;
        this.ctImages = ctImages;
        this.json = json;
    }

    /**
     * The volume of interest round a joint's condyle, on the grid of {@link VoiGrid}.
     *
     * @param side {@code left} or {@code right}
     * @return empty if the series has no current result that measured this joint
     * @throws IOException if a slice cannot be read
     */
    public Optional<JointScan> of(String studyInstanceUid, String seriesInstanceUid, String side)
            throws IOException {
        Optional<Vec3> centre = centre(studyInstanceUid, seriesInstanceUid, side);
        Optional<ArchivedSeries> series =
                index.seriesOf(studyInstanceUid).stream()
                        .filter(s -> s.seriesInstanceUid().equals(seriesInstanceUid))
                        .findFirst();
        if (centre.isEmpty() || series.isEmpty()) {
            return Optional.empty();
        }
        List<SliceHeader> slices =
                ctImages.of(index.instances(series.get().id())).stream()
                        .map(CtImage::slice)
                        .toList();
        if (!(SliceStack.of(slices) instanceof SliceStack.Stack stack)) {
            return Optional.empty();
        }
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The node stops.");
        }
        try {
            return Optional.of(
                    new JointScan(
                            VoiReader.read(
                                    new CtSeries(stack, CtImages.reader(archive)),
                                    VoiGrid.around(centre.get()))));
        } finally {
            turns.release();
        }
    }

    private Optional<Vec3> centre(String study, String series, String side) throws IOException {
        Optional<String> result = studies.result(study, series);
        if (result.isEmpty()) {
            return Optional.empty();
        }
        JsonNode point =
                json.readTree(result.get())
                        .path("joints")
                        .path(side)
                        .path("landmarks")
                        .path(Landmark.Kind.CONDYLE_CENTRE.name());
        return point.size() == 3
                ? Optional.of(
                        new Vec3(
                                point.get(0).asDouble(),
                                point.get(1).asDouble(),
                                point.get(2).asDouble()))
                : Optional.empty();
    }
}
