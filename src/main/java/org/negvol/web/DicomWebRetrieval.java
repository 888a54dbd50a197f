package org.negvol.web;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchiveQuery;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.VR;

/**
 * Retrieval (PS3.18 10.4, WADO-RS) for those who may do the same by DIMSE, as far as an address can
 * tell.
 */
@Path("/dicom-web")
public class DicomWebRetrieval {

    private static final String EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();

    private final DicomWebRequest request;
    private final ArchiveQuery index;
    private final Archive archive;

    DicomWebRetrieval(DicomWebRequest request, ArchiveQuery index, Archive archive) {
        this.request = request;
        this.index = index;
        this.archive = archive;
    }

    /** All instances of a study. */
    @GET
    @Path("studies/{study}")
    public Response study(@RestPath String study) {
        return files(stored(study, null, null));
    }

    /** All instances of a series. */
    @GET
    @Path("studies/{study}/series/{series}")
    public Response wholeSeries(@RestPath String study, @RestPath String series) {
        return files(stored(study, series, null));
    }

    /** One instance. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}")
    public Response instance(
            @RestPath String study, @RestPath String series, @RestPath String instance) {
        return files(stored(study, series, instance));
    }

    /** Metadata of a study's instances. */
    @GET
    @Path("studies/{study}/metadata")
    public Response studyMetadata(@RestPath String study) {
        return metadata(stored(study, null, null));
    }

    /** Metadata of a series' instances. */
    @GET
    @Path("studies/{study}/series/{series}/metadata")
    public Response seriesMetadata(@RestPath String study, @RestPath String series) {
        return metadata(stored(study, series, null));
    }

    /** Metadata of an instance. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/metadata")
    public Response instanceMetadata(
            @RestPath String study, @RestPath String series, @RestPath String instance) {
        return metadata(stored(study, series, instance));
    }

    /** Native pixel data of frames. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/frames/{frames}")
    public Response frames(
            @RestPath String study,
            @RestPath String series,
            @RestPath String instance,
            @RestPath String frames)
            throws IOException {
        StoredInstance stored = stored(study, series, instance).getFirst();
        List<Integer> numbers = frameNumbers(frames, stored);
        for (MediaRange range : request.accept()) {
            String syntax = range.transferSyntax();
            if (syntax != null && !syntax.equals("*") && !syntax.equals(EXPLICIT)) {
                continue;
            }
            if (range.takes(MediaRange.OCTETS)
                    && numbers.size() == 1
                    && !range.type().equals("*/*")) {
                return Bodies.streamed(
                        MediaRange.OCTETS,
                        out -> stored.frames(numbers, pixels -> pixels.transferTo(out)));
            }
            if (range.takesParts(MediaRange.OCTETS)) {
                String type = "%s;transfer-syntax=%s".formatted(MediaRange.OCTETS, EXPLICIT);
                return Bodies.parts(
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
            @RestPath String study, @RestPath String series, @RestPath String instance)
            throws IOException {
        return renderedFrame(study, series, instance, "1");
    }

    /** A frame as a picture. */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/frames/{frame}/rendered")
    public Response renderedFrame(
            @RestPath String study,
            @RestPath String series,
            @RestPath String instance,
            @RestPath String frame)
            throws IOException {
        StoredInstance stored = stored(study, series, instance).getFirst();
        int number = frameNumbers(frame, stored).getFirst();
        Rendering.Window window = Rendering.Window.parse(request.parameter("window"));
        for (MediaRange range : request.accept()) {
            for (String format : List.of("jpeg", "png")) {
                if (range.takes("image/" + format)) {
                    StoredInstance.Picture picture = stored.picture(number);
                    return Bodies.streamed(
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
            @RestPath String path)
            throws IOException {
        StoredInstance stored = stored(study, series, instance).getFirst();
        byte[] value = stored.bulkData(path);
        if (value == null) {
            throw new NotFoundException("The instance has no such bulk data.");
        }
        for (MediaRange range : request.accept()) {
            if (range.takes(MediaRange.OCTETS)) {
                return Response.ok(value, MediaRange.OCTETS).build();
            }
            if (range.takesParts(MediaRange.OCTETS)) {
                return Bodies.parts(
                        MediaRange.OCTETS, writer -> writer.part(MediaRange.OCTETS).write(value));
            }
        }
        throw new NotAcceptableException("Bulk data are here as %s.".formatted(MediaRange.OCTETS));
    }

    /** All long values that the metadata left out, each with its URI (PS3.18 10.4.1.1.5). */
    @GET
    @Path("studies/{study}/series/{series}/instances/{instance}/bulkdata")
    public Response allBulkData(
            @RestPath String study, @RestPath String series, @RestPath String instance) {
        StoredInstance stored = stored(study, series, instance).getFirst();
        if (request.accept().stream().noneMatch(r -> r.takesParts(MediaRange.OCTETS))) {
            throw new NotAcceptableException(
                    "Bulk data are here as parts of %s.".formatted(MediaRange.OCTETS));
        }
        String base = request.address();
        return Bodies.parts(
                MediaRange.OCTETS,
                writer ->
                        stored.bulkData(
                                (path, value) ->
                                        writer.part(
                                                        MediaRange.OCTETS,
                                                        base + "/" + path,
                                                        value.length)
                                                .write(value)));
    }

    private Response files(List<StoredInstance> instances) {
        for (MediaRange range : request.accept()) {
            String syntax = range.transferSyntax() == null ? EXPLICIT : range.transferSyntax();
            boolean parts = range.takesParts(MediaRange.DICOM);
            if ((!parts && !(range.takes(MediaRange.DICOM) && instances.size() == 1))
                    || !instances.stream().allMatch(i -> i.has(syntax))) {
                continue;
            }
            if (!parts) {
                return Bodies.streamed(
                        MediaRange.DICOM, out -> instances.getFirst().writeFile(syntax, out));
            }
            return Bodies.parts(
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

    private Response metadata(List<StoredInstance> instances) {
        request.requireJson();
        String asked = request.address();
        String base = request.base();
        String series = asked.substring(0, asked.length() - "/metadata".length());
        return Bodies.streamed(
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
                                .writeMetadata(json, bulkDataUri(base, series, instances.get(i)));
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
    public Response bulkDataOfInstance(@RestPath String instance, @RestPath String path)
            throws IOException {
        return bulkData("", "", instance, path);
    }

    private List<StoredInstance> stored(
            String study, @Nullable String series, @Nullable String instance) {
        request.requireReader();
        Attributes keys = new Attributes();
        if (!study.isEmpty()) {
            keys.setString(Tag.StudyInstanceUID, VR.UI, DicomWebRequest.uid(study));
        }
        if (series != null && !series.isEmpty()) {
            keys.setString(Tag.SeriesInstanceUID, VR.UI, DicomWebRequest.uid(series));
        }
        if (instance != null) {
            keys.setString(Tag.SOPInstanceUID, VR.UI, DicomWebRequest.uid(instance));
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
}
