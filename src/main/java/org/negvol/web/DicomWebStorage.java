package org.negvol.web;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.DicomJson;

/**
 * Storage (PS3.18 10.5, STOW-RS) for those who may do the same by DIMSE, as far as an address can
 * tell.
 */
@Path("/dicom-web")
public class DicomWebStorage {

    private final DicomWebRequest request;
    private final StudyStore storing;

    DicomWebStorage(DicomWebRequest request, StudyStore storing) {
        this.request = request;
        this.storing = storing;
    }

    /** Stores instances of any study. */
    @POST
    @Path("studies")
    public Response store(InputStream body, @HeaderParam("Content-Type") @Nullable String type)
            throws IOException {
        return store(body, null, type);
    }

    /** Stores instances of one study. */
    @POST
    @Path("studies/{study}")
    public Response storeIntoStudy(
            @RestPath String study,
            InputStream body,
            @HeaderParam("Content-Type") @Nullable String type)
            throws IOException {
        return store(body, DicomWebRequest.uid(study), type);
    }

    private Response store(InputStream body, @Nullable String study, @Nullable String type)
            throws IOException {
        request.requireWriter();
        request.requireJson();
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
            outcome = storing.store(parts, study, request.peer(), request.base());
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
}
