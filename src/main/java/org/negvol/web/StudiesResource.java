package org.negvol.web;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.negvol.workflow.JobState;
import org.negvol.workflow.StudyStatus;
import org.negvol.workflow.StudyView;

/** What became of the studies. */
@Path("/api/studies")
@Produces(MediaType.APPLICATION_JSON)
public class StudiesResource {

    static final int MOST_AT_ONCE = 500;

    private final StudyView studies;

    StudiesResource(StudyView studies) {
        this.studies = studies;
    }

    /**
     * A page of studies.
     *
     * @param total how many there are altogether
     * @param offset how many stand before this page
     * @param limit how many a page holds at most
     * @param studies the newest first
     */
    public record Page(long total, int offset, int limit, List<StudyStatus.Summary> studies) {}

    /** Studies, the newest first; all of them or those in one of some states. */
    @GET
    public Page studies(
            @QueryParam("state") @Nullable List<String> states,
            @QueryParam("offset") @DefaultValue("0") int offset,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        if (offset < 0) {
            throw new BadRequestException("offset must not be negative, got %d.".formatted(offset));
        }
        if (limit < 1 || limit > MOST_AT_ONCE) {
            throw new BadRequestException(
                    "limit must be from 1 to %d, got %d.".formatted(MOST_AT_ONCE, limit));
        }
        List<JobState> wanted =
                Optional.ofNullable(states).orElse(List.of()).stream()
                        .flatMap(s -> Arrays.stream(s.split(",", -1)))
                        .map(StudiesResource::state)
                        .toList();
        return new Page(studies.count(wanted), offset, limit, studies.page(wanted, offset, limit));
    }

    /** One study with its series, jobs, measures and deliveries. */
    @GET
    @Path("{studyInstanceUid}")
    public StudyStatus study(@RestPath String studyInstanceUid) {
        return studies.study(studyInstanceUid)
                .orElseThrow(
                        () ->
                                new NotFoundException(
                                        "There is no study %s here.".formatted(studyInstanceUid)));
    }

    /** The page with the pictures of a series' result. */
    @GET
    @Path("{studyInstanceUid}/series/{seriesInstanceUid}/picture.png")
    @Produces("image/png")
    public byte[] picture(@RestPath String studyInstanceUid, @RestPath String seriesInstanceUid) {
        return studies.picture(studyInstanceUid, seriesInstanceUid)
                .orElseThrow(
                        () ->
                                new NotFoundException(
                                        "There is no picture of series %s of study %s here, or not yet."
                                                .formatted(seriesInstanceUid, studyInstanceUid)));
    }

    private static JobState state(String name) {
        try {
            return JobState.valueOf(name.strip().toUpperCase(java.util.Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(
                    "state must be one of %s, got %s."
                            .formatted(Arrays.toString(JobState.values()), name),
                    e);
        }
    }
}
