package org.negvol.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that must be what a generator makes. With {@code -Dnegvol.golden.update} the file is
 * written instead, and the difference is the reviewer's to judge.
 */
final class Golden {

    private Golden() {}

    static void check(Path file, String made) throws IOException {
        if (System.getProperty("negvol.golden.update") != null) {
            Files.writeString(file, made);
            return;
        }
        assertThat(file).as("%s (-Dnegvol.golden.update writes it anew)", file).hasContent(made);
    }
}
