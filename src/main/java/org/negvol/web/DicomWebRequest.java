package org.negvol.web;

import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.node.WebPeers;

/** What every DICOMweb request brings: who asks, for which media types, under which address. */
@RequestScoped
class DicomWebRequest {

    private static final String UID_FORM = "[0-9.]{1,64}";

    private final UriInfo uri;
    private final HttpHeaders headers;
    private final HttpServerRequest request;
    private final WebPeers peers;

    DicomWebRequest(UriInfo uri, HttpHeaders headers, HttpServerRequest request, WebPeers peers) {
        this.uri = uri;
        this.headers = headers;
        this.request = request;
        this.peers = peers;
    }

    /** Where the DICOMweb service is. */
    String base() {
        return uri.getBaseUri().resolve("dicom-web").toString();
    }

    /** The address that was asked for, without its parameters. */
    String address() {
        return uri.getAbsolutePath().toString();
    }

    /** The parameters of the query. */
    MultivaluedMap<String, String> parameters() {
        return uri.getQueryParameters();
    }

    /** The first value of a parameter of the query; null if there is none. */
    @Nullable String parameter(String name) {
        return parameters().getFirst(name);
    }

    /** The media types that the peer takes, the best liked first. */
    List<MediaRange> accept() {
        // PS3.18 8.3.3.1: the parameter goes before the header.
        String parameter = parameter("accept");
        return MediaRange.of(
                parameter == null ? headers.getHeaderString(HttpHeaders.ACCEPT) : parameter);
    }

    /** Who asks. */
    InetSocketAddress peer() {
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(request.remoteAddress().hostAddress()),
                    request.remoteAddress().port());
        } catch (UnknownHostException e) {
            throw new ForbiddenException("The caller has no address.", e);
        }
    }

    /** Refuses who may not see what is archived. */
    void requireReader() {
        if (!peers.mayRetrieve(peer().getAddress())) {
            throw new ForbiddenException(
                    "This address may not see what is archived; negvol.callers names who may.");
        }
    }

    /** Refuses who may not store. */
    void requireWriter() {
        if (!peers.mayStore(peer().getAddress())) {
            throw new ForbiddenException(
                    "This address may not store; negvol.callers and"
                            + " negvol.accept.unknown-callers say who may.");
        }
    }

    /** Refuses who does not take DICOM JSON. */
    void requireJson() {
        if (accept().stream()
                .noneMatch(r -> r.takes(MediaRange.DICOM_JSON) || r.takes("application/json"))) {
            throw new NotAcceptableException("Only %s is here.".formatted(MediaRange.DICOM_JSON));
        }
    }

    /** A UID of the path, unless it is none. */
    static String uid(String text) {
        if (!text.matches(UID_FORM)) {
            throw new BadRequestException("The path needs UIDs of digits and points.");
        }
        return text;
    }
}
