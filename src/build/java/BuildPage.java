import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Bundles the page with npm and esbuild. A machine without Node.js builds a node without the page,
 * and is told so: the page is the only thing that needs it.
 *
 * <p>Arguments: folder of the sources, folder of the result, and {@code auto}, {@code required} (no
 * page is an error) or {@code skip}.
 */
class BuildPage {

    static final int LEAST_NODE = 20;

    public static void main(String[] arguments) throws Exception {
        Path sources = Path.of(arguments[0]);
        Path result = Path.of(arguments[1]);
        String mode = arguments[2];
        if (mode.equals("skip")) {
            return;
        }
        String problem = build(sources, result);
        if (problem != null) {
            System.err.printf(
                    "[%s] negvol is built without its web page: %s%n"
                            + "  The page needs Node.js %d or later with npm (https://nodejs.org;"
                            + " Debian: apt-get install nodejs npm).%n"
                            + "  Everything else works without. -Dnegvol.page=skip silences this,"
                            + " -Dnegvol.page=required makes it an error.%n",
                    mode.equals("required") ? "ERROR" : "WARNING", problem, LEAST_NODE);
            System.exit(mode.equals("required") ? 1 : 0);
        }
    }

    /** Returns what is in the way, null if nothing is. */
    static String build(Path sources, Path result) throws Exception {
        Path stamp = result.resolveSibling("page.sha256");
        String inputs = hash(sources);
        if (Files.exists(stamp)
                && Files.readString(stamp).equals(inputs)
                && Files.exists(result.resolve("index.html"))) {
            return null;
        }
        String version = output(sources, "node", "--version");
        if (version == null || !version.matches("v\\d+\\..*")) {
            return "there is no Node.js here.";
        }
        if (Integer.parseInt(version.substring(1, version.indexOf('.'))) < LEAST_NODE) {
            return "Node.js " + version + " is too old.";
        }
        String npm =
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win")
                        ? "npm.cmd"
                        : "npm";
        Path installed = sources.resolve("node_modules/.package-lock.json");
        Path wanted = sources.resolve("package-lock.json");
        if (!Files.exists(installed)
                || Files.getLastModifiedTime(installed)
                                .compareTo(Files.getLastModifiedTime(wanted))
                        < 0) {
            // No scripts of packages run on this machine.
            if (output(sources, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund") == null) {
                return "npm could not get the packages (its words are above).";
            }
        }
        if (output(sources, "node", "build.js", result.toAbsolutePath().toString()) == null) {
            return "the bundle could not be made (its words are above).";
        }
        Files.writeString(stamp, inputs);
        return null;
    }

    static String hash(Path folder) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(f -> !f.toString().contains("node_modules"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .forEach(
                            f -> {
                                try {
                                    digest.update(folder.relativize(f).toString().getBytes());
                                    digest.update(Files.readAllBytes(f));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What a program says if it succeeds; null, and its words shown, if not. */
    static String output(Path folder, String... command) throws InterruptedException {
        try {
            Process p =
                    new ProcessBuilder(new ArrayList<>(List.of(command)))
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
            p.getOutputStream().close();
            String said = new String(p.getInputStream().readAllBytes()).strip();
            if (p.waitFor() == 0) {
                return said;
            }
            System.err.println(said);
            return null;
        } catch (IOException e) {
            return null;
        }
    }
}
