package org.negvol.web;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchiveQuery;
import org.negvol.archive.QueryLevel;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomJson;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.VR;
import org.negvol.node.WebPeers;

/**
 * DICOMweb (PS3.18): QIDO-RS, WADO-RS and STOW-RS for those who may do the same by DIMSE, as far as
 * an address can tell.
 */
@Path("/dicom-web")
public class DicomWeb {

    private static final String EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String UID_FORM = "[0-9.]{1,64}";

    private final StudySearch search;
    private final StudyStore storing;
    private final ArchiveQuery index;
    private final Archive archive;
    private final WebPeers peers;

    DicomWeb(
            StudySearch search,
            StudyStore storing,
            ArchiveQuery index,
            Archive archive,
            WebPeers peers) {
        this.search = search;
        this.storing = storing;
        this.index = index;
        this.archive = archive;
        this.peers = peers;
    }

    /** What every request brings. */
    private record Call(UriInfo uri, InetSocketAddress peer, List<MediaRange> accept) {
        String base() {
            return uri.getBaseUri().resolve("dicom-web").toString();
        }
    }

    private Call call(UriInfo uri, HttpServerRequest request, @Nullable String accept) {
        Call call = new Call(uri, address(request), accepted(uri, accept));
        if (!peers.mayRetrieve(call.peer.getAddress())) {
            throw new ForbiddenException(
                    "This address may not see what is archived; negvol.callers names who may.");
        }
        return call;
    }

    private static List<MediaRange> accepted(UriInfo uri, @Nullable String accept) {
        // PS3.18 8.3.3.1: the parameter goes before the header.
        String parameter = uri.getQueryParameters().getFirst("accept");
        return MediaRange.of(parameter == null ? accept : parameter);
    }

    static InetSocketAddress address(HttpServerRequest request) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(request.remoteAddress().hostAddress()),
                    request.remoteAddress().port());
        } catch (UnknownHostException e) {
            throw new ForbiddenException("The caller has no address.", e);
        }
    }

    // ------------------------------------------------------------------------------- searching

    /** Studies. */
    @GET
    @Path("studies")
    public Response studies(
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        return find(QueryLevel.STUDY, Map.of(), call(uri, request, accept));
    }

    /** Series of all studies. */
    @GET
    @Path("series")
    public Response series(
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        return find(QueryLevel.SERIES, Map.of(), call(uri, request, accept));
    }

    /** Series of a study. */
    @GET
    @Path("studies/{study}/series")
    public Response seriesOfStudy(
            @RestPath String study,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        return find(QueryLevel.SERIES, uids(study, null), call(uri, request, accept));
    }

    /** Instances of all studies. */
    @GET
    @Path("instances")
    public Response instances(
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        return find(QueryLevel.IMAGE, Map.of(), call(uri, request, accept));
    }

    /** Instances of a study. */
    @GET
    @Path("studies/{study}/instances")
    public Response instancesOfStudy(
            @RestPath String study,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        return find(QueryLevel.IMAGE, uids(study, null), call(uri, request, accept));
    }

    /** Instances of a series. */
    @GET
    @Path("studies/{study}/series/{series}/instances")
    public Response instancesOfSeries(
            @RestPath String study,
            @RestPath String series,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        return find(QueryLevel.IMAGE, uids(study, series), call(uri, request, accept));
    }

    private Response find(QueryLevel level, Map<Integer, String> path, Call call) {
        requireJson(call.accept);
        StudySearch.Query query = StudySearch.query(level, path, call.uri.getQueryParameters());
        StudySearch.Results results = search.run(query, call.base());
        Response.ResponseBuilder answer =
                results.count() == 0
                        ? Response.noContent()
                        : Response.ok(results.json(), MediaRange.DICOM_JSON);
        if ("true".equalsIgnoreCase(call.uri.getQueryParameters().getFirst("fuzzymatching"))) {
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

    private static void requireJson(List<MediaRange> accept) {
        if (accept.stream()
                .noneMatch(r -> r.takes(MediaRange.DICOM_JSON) || r.takes("application/json"))) {
            throw new NotAcceptableException("Only %s is here.".formatted(MediaRange.DICOM_JSON));
        }
    }

    // ------------------------------------------------------------------------------ retrieving

    /** All instances of a study. */
    @GET
    @Path("studies/{study}")
    public Response study(
            @RestPath String study,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        Call call = call(uri, request, accept);
        return files(stored(study, null, null), call);
    }

    /** All instances of a series. */
    @GET
    @Path("studies/{study}/series/{series}")
    public Response wholeSeries(
            @RestPath String study,
            @RestPath String series,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        Call call = call(uri, request, accept);
        return files(stored(study, series, null), call);
    }

    /** One instance. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}")
    public Response instance(
            @RestPath String study,
            @RestPath String series,
            @RestPath String instance,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        Call call = call(uri, request, accept);
        return files(stored(study, series, instance), call);
    }

    /** Metadata of a study's instances. */
    @GET
    @Path("studies/{study}/metadata")
    public Response studyMetadata(
            @RestPath String study,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        Call call = call(uri, request, accept);
        return metadata(stored(study, null, null), call);
    }

    /** Metadata of a series' instances. */
    @GET
    @Path("studies/{study}/series/{series}/metadata")
    public Response seriesMetadata(
            @RestPath String study,
            @RestPath String series,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        Call call = call(uri, request, accept);
        return metadata(stored(study, series, null), call);
    }

    /** Metadata of an instance. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/metadata")
    public Response instanceMetadata(
            @RestPath String study,
            @RestPath String series,
            @RestPath String instance,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept) {
        Call call = call(uri, request, accept);
        return metadata(stored(study, series, instance), call);
    }

    /** Native pixel data of frames. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/frames/{frames}")
    public Response frames(
            @RestPath String study,
            @RestPath String series,
            @RestPath String instance,
            @RestPath String frames,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept)
            throws IOException {
        Call call = call(uri, request, accept);
        StoredInstance stored = stored(study, series, instance).getFirst();
        List<Integer> numbers = frameNumbers(frames, stored);
        for (MediaRange range : call.accept) {
            String syntax = range.transferSyntax();
            if (syntax != null && !syntax.equals("*") && !syntax.equals(EXPLICIT)) {
                continue;
            }
            if (range.takes(MediaRange.OCTETS)
                    && numbers.size() == 1
                    && !range.type().equals("*/*")) {
                return streamed(
                        MediaRange.OCTETS,
                        out -> stored.frames(numbers, pixels -> pixels.transferTo(out)));
            }
            if (range.takesParts(MediaRange.OCTETS)) {
                String type = "%s;transfer-syntax=%s".formatted(MediaRange.OCTETS, EXPLICIT);
                return parts(
                        MediaRange.OCTETS,
                        writer ->
                                stored.frames(
                                        numbers, pixels -> pixels.transferTo(writer.part(type))));
            }
        }
        throw new NotAcceptableException(
                "Frames are here as %s in transfer syntax %s."
                        .formatted(MediaRange.OCTETS, EXPLICIT));
    }

    /** An instance as a picture. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/rendered")
    public Response rendered(
            @RestPath String study,
            @RestPath String series,
            @RestPath String instance,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept)
            throws IOException {
        return renderedFrame(study, series, instance, "1", uri, request, accept);
    }

    /** A frame as a picture. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/frames/{frame}/rendered")
    public Response renderedFrame(
            @RestPath String study,
            @RestPath String series,
            @RestPath String instance,
            @RestPath String frame,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept)
            throws IOException {
        Call call = call(uri, request, accept);
        StoredInstance stored = stored(study, series, instance).getFirst();
        int number = frameNumbers(frame, stored).getFirst();
        Rendering.Window window =
                Rendering.Window.parse(uri.getQueryParameters().getFirst("window"));
        for (MediaRange range : call.accept) {
            for (String format : List.of("jpeg", "png")) {
                if (range.takes("image/" + format)) {
                    StoredInstance.Picture picture = stored.picture(number);
                    return streamed(
                            "image/" + format,
                            out -> Rendering.write(picture, window, format, out));
                }
            }
        }
        throw new NotAcceptableException("Pictures are here as image/jpeg and image/png.");
    }

    /** A long value that the metadata left out. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/bulkdata/{path:.+}")
    public Response bulkData(
            @RestPath String study,
            @RestPath String series,
            @RestPath String instance,
            @RestPath String path,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept)
            throws IOException {
        Call call = call(uri, request, accept);
        StoredInstance stored = stored(study, series, instance).getFirst();
        byte[] value = stored.bulkData(path);
        if (value == null) {
            throw new NotFoundException("The instance has no such bulk data.");
        }
        for (MediaRange range : call.accept) {
            if (range.takes(MediaRange.OCTETS)) {
                return Response.ok(value, MediaRange.OCTETS).build();
            }
            if (range.takesParts(MediaRange.OCTETS)) {
                return parts(
                        MediaRange.OCTETS, writer -> writer.part(MediaRange.OCTETS).write(value));
            }
        }
        throw new NotAcceptableException("Bulk data are here as %s.".formatted(MediaRange.OCTETS));
    }

    private static Response files(List<StoredInstance> instances, Call call) {
        for (MediaRange range : call.accept) {
            String syntax = range.transferSyntax() == null ? EXPLICIT : range.transferSyntax();
            boolean parts = range.takesParts(MediaRange.DICOM);
            if ((!parts && !(range.takes(MediaRange.DICOM) && instances.size() == 1))
                    || !instances.stream().allMatch(i -> i.has(syntax))) {
                continue;
            }
            if (!parts) {
                return streamed(
                        MediaRange.DICOM, out -> instances.getFirst().writeFile(syntax, out));
            }
            return parts(
                    MediaRange.DICOM,
                    writer -> {
                        for (StoredInstance i : instances) {
                            i.writeFile(
                                    syntax,
                                    writer.part(
                                            "%s;transfer-syntax=%s"
                                                    .formatted(
                                                            MediaRange.DICOM, i.written(syntax))));
                        }
                    });
        }
        throw new NotAcceptableException(
                "Instances are here as %s: as stored (transfer-syntax=*), and mostly in %s."
                        .formatted(MediaRange.DICOM, EXPLICIT));
    }

    private static Response metadata(List<StoredInstance> instances, Call call) {
        requireJson(call.accept);
        String base = call.uri.getAbsolutePath().toString();
        String series = base.substring(0, base.length() - "/metadata".length());
        return streamed(
                MediaRange.DICOM_JSON,
                out -> {
                    Writer json = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                    json.append('[');
                    for (int i = 0; i < instances.size(); i++) {
                        if (i > 0) {
                            json.append(',');
                        }
                        instances
                                .get(i)
                                .writeMetadata(
                                        json, bulkDataUri(call.base(), series, instances.get(i)));
                    }
                    json.append(']').flush();
                });
    }

    private static String bulkDataUri(String base, String asked, StoredInstance instance) {
        // Whatever level was asked for, the UIDs of all levels lead to the value.
        return asked.contains("/instances/")
                ? asked + "/bulkdata"
                : "%s/instances/%s/bulkdata".formatted(base, instance.sopInstanceUid());
    }

    /** A long value by the instance alone, as metadata of a study or a series name it. */
    @GET
    @Path("instances/{instance}/bulkdata/{path:.+}")
    public Response bulkDataOfInstance(
            @RestPath String instance,
            @RestPath String path,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept)
            throws IOException {
        return bulkData("", "", instance, path, uri, request, accept);
    }

    // --------------------------------------------------------------------------------- storing

    /** Stores instances of any study. */
    @POST
    @Path("studies")
    public Response store(
            InputStream body,
            @HeaderParam("Content-Type") @Nullable String type,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept)
            throws IOException {
        return store(body, null, type, uri, request, accept);
    }

    /** Stores instances of one study. */
    @POST
    @Path("studies/{study}")
    public Response storeIntoStudy(
            @RestPath String study,
            InputStream body,
            @HeaderParam("Content-Type") @Nullable String type,
            @Context UriInfo uri,
            @Context HttpServerRequest request,
            @HeaderParam("Accept") @Nullable String accept)
            throws IOException {
        return store(body, checked(study), type, uri, request, accept);
    }

    private Response store(
            InputStream body,
            @Nullable String study,
            @Nullable String type,
            UriInfo uri,
            HttpServerRequest request,
            @Nullable String accept)
            throws IOException {
        InetSocketAddress peer = address(request);
        if (!peers.mayStore(peer.getAddress())) {
            throw new ForbiddenException(
                    "This address may not store; negvol.callers and"
                            + " negvol.accept.unknown-callers say who may.");
        }
        Call call = new Call(uri, peer, accepted(uri, accept));
        requireJson(call.accept);
        MediaRange content = MediaRange.one(type == null ? "" : type);
        if (!content.type().equals(MediaRange.RELATED)
                || !content.parameters()
                        .getOrDefault("type", MediaRange.DICOM)
                        .equalsIgnoreCase(MediaRange.DICOM)) {
            throw new NotSupportedException(
                    "Instances are taken as multipart/related; type=\"application/dicom\".");
        }
        StudyStore.Outcome outcome;
        try {
            MultipartInput parts =
                    new MultipartInput(body, content.parameters().getOrDefault("boundary", ""));
            outcome = storing.store(parts, study, peer, call.base());
        } catch (MultipartInput.MalformedException | EOFException e) {
            throw new BadRequestException("The body is damaged: %s.".formatted(e.getMessage()), e);
        }
        if (outcome.answer().isEmpty()) {
            throw new BadRequestException("The body has no parts.");
        }
        StringBuilder json = new StringBuilder();
        DicomJson.write(outcome.answer(), json, null);
        return Response.status(outcome.status())
                .entity(json.toString())
                .type(MediaRange.DICOM_JSON)
                .build();
    }

    // -------------------------------------------------------------------------------- the rest

    private static Map<Integer, String> uids(String study, @Nullable String series) {
        return series == null
                ? Map.of(Tag.StudyInstanceUID, checked(study))
                : Map.of(
                        Tag.StudyInstanceUID,
                        checked(study),
                        Tag.SeriesInstanceUID,
                        checked(series));
    }

    private static String checked(String uid) {
        if (!uid.matches(UID_FORM)) {
            throw new BadRequestException("The path needs UIDs of digits and points.");
        }
        return uid;
    }

    private List<StoredInstance> stored(
            String study, @Nullable String series, @Nullable String instance) {
        Attributes keys = new Attributes();
        if (!study.isEmpty()) {
            keys.setString(Tag.StudyInstanceUID, VR.UI, checked(study));
        }
        if (series != null && !series.isEmpty()) {
            keys.setString(Tag.SeriesInstanceUID, VR.UI, checked(series));
        }
        if (instance != null) {
            keys.setString(Tag.SOPInstanceUID, VR.UI, checked(instance));
        }
        List<StoredInstance> all =
                index.objects(keys).stream().map(f -> new StoredInstance(archive, f)).toList();
        if (all.isEmpty()) {
            throw new NotFoundException("There is nothing of these UIDs here.");
        }
        return all;
    }

    private static List<Integer> frameNumbers(String list, StoredInstance stored)
            throws IOException {
        int frames = stored.frames();
        List<Integer> numbers = new ArrayList<>();
        for (String text : Arrays.asList(list.split(",", -1))) {
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw new BadRequestException("Frames are numbers from 1, with commas between.");
            }
            int number = Integer.parseInt(text);
            if (number > frames) {
                throw new NotFoundException(
                        "The instance has %d frames and no number %d.".formatted(frames, number));
            }
            numbers.add(number);
        }
        return numbers;
    }

    /** Writes a body while it is sent. */
    @FunctionalInterface
    private interface Body {
        void write(OutputStream out) throws IOException;
    }

    private static Response streamed(String type, Body body) {
        StreamingOutput output = body::write;
        return Response.ok(output, type).build();
    }

    /** Writes the parts of a body while it is sent. */
    @FunctionalInterface
    private interface Parts {
        void write(PartWriter writer) throws IOException;
    }

    private static final class PartWriter {
        private final OutputStream out;
        private final String boundary;

        PartWriter(OutputStream out, String boundary) {
            this.out = out;
            this.boundary = boundary;
        }

        OutputStream part(String type) throws IOException {
            text("\r\n--%s\r\nContent-Type: %s\r\n\r\n".formatted(boundary, type));
            return out;
        }

        void end() throws IOException {
            text("\r\n--%s--\r\n".formatted(boundary));
        }

        private void text(String s) throws IOException {
            out.write(s.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static Response parts(String type, Parts parts) {
        String boundary = UUID.randomUUID().toString();
        return streamed(
                "%s; type=\"%s\"; boundary=%s".formatted(MediaRange.RELATED, type, boundary),
                out -> {
                    PartWriter writer = new PartWriter(out, boundary);
                    parts.write(writer);
                    writer.end();
                });
    }
}
