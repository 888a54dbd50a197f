package org.negvol.web;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** The latest warnings and errors of this process' log; as the log, without patients' names. */
@ApplicationScoped
class RecentTrouble {

    private static final int MOST = 50;

    /** The message alone, without the stack trace. */
    private final Formatter message = new PatternFormatter("%s");

    private final Deque<Line> lines = new ArrayDeque<>();

    /**
     * A line of the log.
     *
     * @param at when
     * @param level WARN, ERROR
     * @param logger who says it
     * @param message what
     */
    public record Line(Instant at, String level, String logger, String message) {}

    void start(@Observes StartupEvent event) {
        Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord logged) {
                        keep(logged);
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        handler.setLevel(Level.WARNING);
        Logger.getLogger("").addHandler(handler);
    }

    private void keep(LogRecord logged) {
        Line line =
                new Line(
                        logged.getInstant(),
                        logged.getLevel().getName(),
                        String.valueOf(logged.getLoggerName()),
                        message.format(logged));
        synchronized (lines) {
            lines.addFirst(line);
            if (lines.size() > MOST) {
                lines.removeLast();
            }
        }
    }

    /** The lines, the newest first. */
    List<Line> lines() {
        synchronized (lines) {
            return new ArrayList<>(lines);
        }
    }
}
