package org.negvol.web;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;
import org.negvol.workflow.JobState;
import org.negvol.workflow.JointScan;
import org.negvol.workflow.JointScans;
import org.negvol.workflow.StudyActions;
import org.negvol.workflow.StudyStatus;
import org.negvol.workflow.StudyView;

/** What became of the studies. */
@Path("/api/studies")
@Produces(MediaType.APPLICATION_JSON)
public class StudiesResource {

    static final int MOST_AT_ONCE = 500;

    private final StudyView studies;
    private final StudyActions actions;
    private final StudyEvents events;
    private final JointScans scans;

    StudiesResource(StudyView studies, StudyActions actions, StudyEvents events, JointScans scans) {
        this.studies = studies;
        this.actions = actions;
        this.events = events;
        this.scans = scans;
    }

    /**
     * The list of studies, part by part.
     *
     * @param patient what the Patient ID begins with
     * @param ae the AE title that sent the study
     * @param from first study date, YYYYMMDD
     * @param to last study date, YYYYMMDD
     * @param after {@code next} of the part before
     */
    @GET
    @Path("list")
    public StudyStatus.Part list(
            @QueryParam("state") @Nullable List<String> states,
            @QueryParam("patient") @DefaultValue("") String patient,
            @QueryParam("ae") @DefaultValue("") String ae,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("to") @DefaultValue("") String to,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        requireLimit(limit);
        for (String date : List.of(from, to)) {
            if (!date.matches("(\\d{8})?")) {
                throw new BadRequestException("from and to must be dates, YYYYMMDD.");
            }
        }
        try {
            return studies.part(
                    new StudyView.Filter(states(states), patient, ae, from, to), after, limit);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("after must be what the part before said.", e);
        }
    }

    /** Studies as they change, as server-sent events. */
    @GET
    @Path("events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<StudyStatus.Summary> events() {
        return events.changes();
    }

    /**
     * How long the work on a series takes.
     *
     * @param usualSeconds median of the latest ones; null at first
     */
    public record Pace(@Nullable Double usualSeconds) {}

    /** How long the work on a series takes. */
    @GET
    @Path("pace")
    public Pace pace() {
        return new Pace(studies.usualSeconds().orElse(null));
    }

    /** All studies of the same patient, the oldest first. */
    @GET
    @Path("{studyInstanceUid}/visits")
    public List<StudyStatus.Visit> visits(@RestPath String studyInstanceUid) {
        return studies.visits(studyInstanceUid);
    }

    /** Processes a series again. */
    @POST
    @Path("{studyInstanceUid}/series/{seriesInstanceUid}/process")
    public Response process(@RestPath String studyInstanceUid, @RestPath String seriesInstanceUid) {
        return answer(
                actions.process(studyInstanceUid, seriesInstanceUid),
                "There is no series %s of study %s here that negvol could process."
                        .formatted(seriesInstanceUid, studyInstanceUid),
                "The series is being received or processed already.");
    }

    /** Sends a destination what it does not have of the study's results. */
    @POST
    @Path("{studyInstanceUid}/deliveries/{destination}/retry")
    public Response retry(@RestPath String studyInstanceUid, @RestPath String destination) {
        return answer(
                actions.deliver(studyInstanceUid, destination),
                "There is nothing of study %s that %s waits for."
                        .formatted(studyInstanceUid, destination),
                "The results are being sent already.");
    }

    private static Response answer(StudyActions.Answer answer, String unknown, String busy) {
        return switch (answer) {
            case ACCEPTED -> Response.accepted().build();
            case UNKNOWN -> throw new NotFoundException(unknown);
            case BUSY -> throw new ClientErrorException(busy, Response.Status.CONFLICT);
        };
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
        requireLimit(limit);
        List<JobState> wanted = states(states);
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

    /** The page with the pictures of a series' result, to be printed. */
    @GET
    @Path("{studyInstanceUid}/series/{seriesInstanceUid}/result.pdf")
    @Produces("application/pdf")
    public byte[] document(@RestPath String studyInstanceUid, @RestPath String seriesInstanceUid) {
        return studies.document(studyInstanceUid, seriesInstanceUid)
                .orElseThrow(
                        () ->
                                new NotFoundException(
                                        "There is no PDF of series %s of study %s here, or not yet."
                                                .formatted(seriesInstanceUid, studyInstanceUid)));
    }

    /**
     * The CT round a measured joint, as NRRD.
     *
     * @param side {@code left} or {@code right}
     * @throws IOException if a slice cannot be read
     */
    @GET
    @Path("{studyInstanceUid}/series/{seriesInstanceUid}/joints/{side}/scan.nrrd")
    @Produces(MediaRange.OCTETS)
    public Response scan(
            @RestPath String studyInstanceUid,
            @RestPath String seriesInstanceUid,
            @RestPath String side)
            throws IOException {
        JointScan scan =
                scans.of(studyInstanceUid, seriesInstanceUid, side)
                        .orElseThrow(
                                () ->
                                        new NotFoundException(
                                                "There is no measured joint %s in series %s of study %s here."
                                                        .formatted(
                                                                side,
                                                                seriesInstanceUid,
                                                                studyInstanceUid)));
        return Bodies.streamed(MediaRange.OCTETS, scan::writeNrrd);
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > MOST_AT_ONCE) {
            throw new BadRequestException(
                    "limit must be from 1 to %d, got %d.".formatted(MOST_AT_ONCE, limit));
        }
    }

    private static List<JobState> states(@Nullable List<String> states) {
        return Optional.ofNullable(states).orElse(List.of()).stream()
                .flatMap(s -> Arrays.stream(s.split(",", -1)))
                .filter(s -> !s.isBlank())
                .map(StudiesResource::state)
                .toList();
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
