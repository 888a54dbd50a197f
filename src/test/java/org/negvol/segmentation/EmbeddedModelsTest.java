package org.negvol.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the embedded networks say of themselves holds. */
class EmbeddedModelsTest {

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = EmbeddedModelsTest.class.getResourceAsStream("/models/" + name)) {
            assertThat(in).as("models/%s", name).isNotNull();
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localizer", "joint"})
    void theManifestIsTheOneOfTheFile(String name) throws IOException {
        String json = new String(resource(name + ".json"), StandardCharsets.UTF_8);
        ModelManifest manifest = ModelManifest.parse(json, name + ".json");
        byte[] onnx = resource(manifest.file());
        assertThat(manifest.identity().sha256()).isEqualTo(Network.sha256(onnx));
        assertThat(manifest.task().written()).isEqualTo(name);
        assertThat(manifest.identity().licence()).isEqualTo("Apache-2.0");
        assertThat(manifest.identity().trainedOn()).contains("phantoms").contains("no patient");
        assertThat(onnx.length).isLessThanOrEqualTo(8 << 20);
    }

    @Test
    void resultsCanNameBothNetworks() {
        assertThat(Models.EMBEDDED.identities())
                .extracting(ModelIdentity::name)
                .containsExactly("negvol-localizer", "negvol-joint");
    }
}
