package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A script of {@code src/test/web} that looks at a page in Debian's Chromium and says what it sees.
 */
final class PageScript implements AutoCloseable {

    /** Kept for a look at them. */
    static final Path SCREENSHOTS = Path.of("target", "screenshots");

    static final String CHROMIUM = "/usr/bin/chromium";

    private static final Path SCRIPTS = Path.of("src", "test", "web");

    private final Process process;
    private final BufferedReader said;
    private final PrintStream orders;
    private final List<String> lines = new ArrayList<>();

    private PageScript(Process process) {
        this.process = process;
        said = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Skips the test unless browser and packages are here or can be got. */
    static void assumeInstalled() throws IOException, InterruptedException {
        Peers.assumeInstalled("node", "npm", "chromium");
        Path installed = SCRIPTS.resolve("node_modules/.package-lock.json");
        Path wanted = SCRIPTS.resolve("package-lock.json");
        if (!Files.exists(installed)
                || Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted))
                        < 0) {
            assumeNpm(SCRIPTS, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        }
    }

    /** Runs npm; skips the test if it cannot do what it is asked. */
    static void assumeNpm(Path folder, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("npm"));
        command.addAll(List.of(arguments));
        Process npm =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        // Not inherited: npm would make the pipe that this process gets its orders
                        // by a non-blocking one.
                        .redirectErrorStream(true)
                        .redirectOutput(
                                Files.createDirectories(SCREENSHOTS).resolve("npm.log").toFile())
                        .start();
        Assumptions.assumeTrue(npm.waitFor() == 0, String.join(" ", command) + " failed");
    }

    static PageScript start(String script, String... arguments) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        List<String> command = new ArrayList<>(List.of("node", SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        return new PageScript(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Reads what it says up to a line, or to its end. */
    void until(@Nullable String line) throws IOException {
        for (String l = said.readLine(); l != null; l = said.readLine()) {
            lines.add(l);
            if (l.equals(line)) {
                return;
            }
        }
        assertThat(line).as("what the browser said: %s", lines).isNull();
    }

    /** Lets it go on where it waits. */
    void goOn() {
        orders.println("go on");
    }

    /** Reads the rest and waits for its end, which must be a good one; gives all that it said. */
    List<String> end() throws IOException, InterruptedException {
        until(null);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", lines).isZero();
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
