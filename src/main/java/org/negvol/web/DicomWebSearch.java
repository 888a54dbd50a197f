package org.negvol.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.QueryLevel;
import org.negvol.dicom.Tag;

/**
 * Search (PS3.18 10.6, QIDO-RS) for those who may do the same by DIMSE, as far as an address can
 * tell.
 */
@Path("/dicom-web")
public class DicomWebSearch {

    private final DicomWebRequest request;
    private final StudySearch search;

    DicomWebSearch(DicomWebRequest request, StudySearch search) {
        this.request = request;
        this.search = search;
    }

    /** Studies. */
    @GET
    @Path("studies")
    public Response studies() {
        return find(QueryLevel.STUDY, Map.of());
    }

    /** Series of all studies. */
    @GET
    @Path("series")
    public Response series() {
        return find(QueryLevel.SERIES, Map.of());
    }

    /** Series of a study. */
    @GET
    @Path("studies/{study}/series")
    public Response seriesOfStudy(@RestPath String study) {
        return find(QueryLevel.SERIES, uids(study, null));
    }

    /** Instances of all studies. */
    @GET
    @Path("instances")
    public Response instances() {
        return find(QueryLevel.IMAGE, Map.of());
    }

    /** Instances of a study. */
    @GET
    @Path("studies/{study}/instances")
    public Response instancesOfStudy(@RestPath String study) {
        return find(QueryLevel.IMAGE, uids(study, null));
    }

    /** Instances of a series. */
    @GET
    @Path("studies/{study}/series/{series}/instances")
    public Response instancesOfSeries(@RestPath String study, @RestPath String series) {
        return find(QueryLevel.IMAGE, uids(study, series));
    }

    private Response find(QueryLevel level, Map<Integer, String> path) {
        request.requireReader();
        request.requireJson();
        StudySearch.Query query = StudySearch.query(level, path, request.parameters());
        StudySearch.Results results = search.run(query, request.base());
        Response.ResponseBuilder answer =
                results.count() == 0
                        ? Response.noContent()
                        : Response.ok(results.json(), MediaRange.DICOM_JSON);
        if ("true".equalsIgnoreCase(request.parameter("fuzzymatching"))) {
            answer.header(
                    "Warning",
                    "299 negvol \"The fuzzymatching parameter is not supported. Only literal"
                            + " matching has been performed.\"");
        }
        if (results.more()) {
            answer.header(
                    "Warning",
                    "299 negvol \"There are more results that can be requested with offset.\"");
        }
        return answer.build();
    }

    private static Map<Integer, String> uids(String study, @Nullable String series) {
        return series == null
                ? Map.of(Tag.StudyInstanceUID, DicomWebRequest.uid(study))
                : Map.of(
                        Tag.StudyInstanceUID,
                        DicomWebRequest.uid(study),
                        Tag.SeriesInstanceUID,
                        DicomWebRequest.uid(series));
    }
}
