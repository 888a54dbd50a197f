package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With log-in, patients' data is for those whose token says so. */
class LogInIT {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final int UNKNOWN = 401;
    private static final int FORBIDDEN = 403;

    @TempDir Path folder;

    @Test
    void strangersSeeNothingViewersReadAndOperatorsMayChange() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair provider = generator.generateKeyPair();
        KeyPair impostor = generator.generateKeyPair();
        Map<String, String> configuration =
                Map.of(
                        "negvol.web.log-in",
                        "true",
                        "negvol.web.viewer-role",
                        "radiologist",
                        "quarkus.oidc.application-type",
                        "service",
                        "quarkus.oidc.public-key",
                        Base64.getEncoder().encodeToString(provider.getPublic().getEncoded()));
        try (NodeProcess node = NodeProcess.start(folder, configuration)) {
            String viewer = token(provider, "radiologist");
            String operator = token(provider, "negvol-operator");

            assertThat(status(node, "GET", "/api/studies", null)).isEqualTo(UNKNOWN);
            assertThat(status(node, "GET", "/api/studies", token(impostor, "radiologist")))
                    .isEqualTo(UNKNOWN);
            assertThat(status(node, "GET", "/api/studies", token(provider, "porter")))
                    .isEqualTo(FORBIDDEN);
            assertThat(status(node, "GET", "/api/studies", viewer)).isEqualTo(200);
            assertThat(status(node, "GET", "/api/studies", operator)).isEqualTo(200);
            // What is not there either is answered only to those who may ask.
            assertThat(status(node, "POST", "/api/none", viewer)).isEqualTo(FORBIDDEN);
            assertThat(status(node, "POST", "/api/none", operator)).isEqualTo(404);
            assertThat(status(node, "POST", "/api/studies/1.2/series/1.3/process", viewer))
                    .isEqualTo(FORBIDDEN);
            assertThat(status(node, "POST", "/api/studies/1.2/deliveries/pacs/retry", viewer))
                    .isEqualTo(FORBIDDEN);
            assertThat(status(node, "POST", "/api/studies/1.2/deliveries/pacs/retry", operator))
                    .isEqualTo(404);
            assertThat(status(node, "GET", "/", null)).isEqualTo(UNKNOWN);

            // Configuration and log are for operators.
            for (String path : List.of("/api/node", "/api/node/storage", "/api/../api/node")) {
                assertThat(status(node, "GET", path, viewer)).as(path).isEqualTo(FORBIDDEN);
                assertThat(status(node, "GET", path, operator)).as(path).isEqualTo(200);
            }
            assertThat(status(node, "GET", "/api/cohort", viewer)).isEqualTo(200);
            assertThat(node.ask("GET", "/api/node", operator).body())
                    .contains("negvol.web.viewer-role", "radiologist");

            // Kubernetes and Prometheus have no account.
            assertThat(status(node, "GET", "/q/health/ready", null)).isEqualTo(200);
            assertThat(status(node, "GET", "/q/metrics", null)).isEqualTo(200);
        }
    }

    private static int status(
            NodeProcess node, String method, String path, @Nullable String token) {
        return node.ask(method, path, token).statusCode();
    }

    /** A JSON Web Token (RFC 7519) as an OpenID provider signs it. */
    private static String token(KeyPair signer, String role) throws Exception {
        long now = Instant.now().getEpochSecond();
        String signed =
                part("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")
                        + "."
                        + part(
                                "{\"sub\":\"somebody\",\"groups\":[\"%s\"],\"iat\":%d,\"exp\":%d}"
                                        .formatted(role, now, now + 600));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(signer.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + URL.encodeToString(signature.sign());
    }

    private static String part(String json) {
        return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
