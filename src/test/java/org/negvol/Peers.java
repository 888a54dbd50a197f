package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Independent tools that tests compare negvol with: DCMTK, dicom3tools, GDCM, pydicom. A test that
 * asks for one is skipped where it is not installed.
 */
public final class Peers {

    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private static @Nullable String python;

    private Peers() {}

    /** Skips the test unless all these programs are on the path. */
    public static void assumeInstalled(String... programs) {
        for (String program : programs) {
            Assumptions.assumeTrue(isInstalled(program), "no " + program + " on this machine");
        }
    }

    public static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs a program, which must succeed, and gives what it said. */
    public static String run(Object... command) {
        assumeInstalled(command[0].toString());
        return succeed(Arrays.stream(command).map(Object::toString).toList());
    }

    /** Runs a Python script of the test resources with an interpreter that has pydicom. */
    public static String pydicom(Class<?> near, String script, Object... arguments) {
        List<String> command =
                new ArrayList<>(List.of(pythonWithPydicom(), "-c", read(near, script)));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return succeed(command);
    }

    private static synchronized String pythonWithPydicom() {
        if (python == null) {
            for (String candidate : PYTHONS) {
                if (exit(List.of(candidate, "-c", "import pydicom")) == 0) {
                    python = candidate;
                    return candidate;
                }
            }
            return Assumptions.abort("no Python with pydicom on this machine");
        }
        return python;
    }

    private static String read(Class<?> near, String resource) {
        try (InputStream in = near.getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int exit(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String succeed(List<String> command) {
        try {
            Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
            p.getOutputStream().close();
            String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(p.waitFor()).as("%s%n%s", command, said).isZero();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
