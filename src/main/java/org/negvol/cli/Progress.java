package org.negvol.cli;

import java.io.Console;
import java.io.PrintWriter;

/**
 * How far a long step is: one line that is rewritten on a terminal, else one line at the end, so
 * that logs stay readable.
 */
final class Progress {

    private static final int WIDTH = 28;

    private final PrintWriter out;
    private final String what;
    private final int total;
    private final boolean live;
    private final long start = System.nanoTime();
    private int shown = -1;

    /**
     * @param what what is done, as the line's beginning
     * @param total how many steps there are
     */
    Progress(PrintWriter out, String what, int total) {
        this(out, what, total, isTerminal());
    }

    Progress(PrintWriter out, String what, int total, boolean live) {
        this.out = out;
        this.what = what;
        this.total = total;
        this.live = live;
    }

    @SuppressWarnings("SystemConsoleNull") // null where the platform's own console is switched off
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Tells that {@code done} of the steps are done. */
    synchronized void show(int done) {
        int percent = total == 0 ? 100 : (int) (100L * done / total);
        boolean last = done >= total;
        if (percent == shown || (!live && !last)) {
            return;
        }
        shown = percent;
        if (live) {
            int bar = percent * WIDTH / 100;
            out.printf(
                    "\r%-36s %s%s %3d %%", what, "━".repeat(bar), "─".repeat(WIDTH - bar), percent);
            if (!last) {
                out.flush();
                return;
            }
            out.printf("\r%-36s %-" + (WIDTH + 6) + "s\r", what, "");
        }
        out.printf("%-36s %s%n", what, seconds(System.nanoTime() - start));
        out.flush();
    }

    /** Seconds with as many decimals as matter. */
    static String seconds(long nanos) {
        double s = nanos / 1e9;
        return String.format(java.util.Locale.ROOT, s < 10 ? "%.2f s" : "%.0f s", s);
    }
}
