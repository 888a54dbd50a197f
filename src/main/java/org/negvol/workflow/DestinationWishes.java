package org.negvol.workflow;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.negvol.config.ConfigurationProblem;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.report.EarlierReport;
import org.negvol.report.ReportOptions;
import org.negvol.report.ResultObject;
import org.negvol.report.ResultObjects;
import org.negvol.report.StudyResult;

/** Which objects does each destination want? Read once at start, so that a typo stops the start. */
@Startup
@ApplicationScoped
class DestinationWishes {

    /**
     * What is made of one result.
     *
     * @param all every object that somebody may get, once, in the order of sending
     * @param wanted SOP Instance UIDs by destination
     * @param alternatives SOP Instance UIDs of what is sent to a destination only where it refuses
     *     something wanted, by destination; those that are known to refuse something have some
     * @param source makes more of it
     */
    record Objects(
            List<ResultObject> all,
            Map<String, Set<String>> wanted,
            Map<String, Set<String>> alternatives,
            ResultObjects source) {}

    private final NormalValuesInForce normalValues;
    private final Map<String, ReportOptions> options = new LinkedHashMap<>();

    DestinationWishes(Settings settings, NormalValuesInForce normalValues) {
        this.normalValues = normalValues;
        for (RemoteAe destination : settings.destinations()) {
            try {
                options.put(
                        destination.name(),
                        ReportOptions.parse(settings.destinationOptions(destination.name())));
            } catch (IllegalArgumentException e) {
                throw new ConfigurationProblem(
                        "negvol.destinations.%s: %s".formatted(destination.name(), e.getMessage()));
            }
        }
    }

    /** What a destination wants. */
    ReportOptions of(String destination) {
        return options.getOrDefault(destination, ReportOptions.DEFAULT);
    }

    /**
     * The objects of a result for all destinations; the usual ones are always made.
     *
     * @param earlier reports on the same series, the newest first
     * @param refusing destinations that have refused something lately; for the others no
     *     alternatives are made, which take as long as everything else
     */
    Objects objects(StudyResult result, List<EarlierReport> earlier, Set<String> refusing) {
        ResultObjects source = new ResultObjects(result, earlier, normalValues.get());
        Set<ReportOptions> refused = new HashSet<>();
        options.forEach(
                (destination, wish) -> {
                    if (refusing.contains(destination) && wish.fallback()) {
                        refused.add(wish.asWritten());
                    }
                });
        Function<ReportOptions, ResultObjects.Made> make =
                wish ->
                        refused.contains(wish)
                                ? source.made(wish)
                                : new ResultObjects.Made(source.wanted(wish), List.of());
        Map<ReportOptions, ResultObjects.Made> made = new HashMap<>();
        Map<String, ResultObject> all = new LinkedHashMap<>();
        added(made.computeIfAbsent(ReportOptions.DEFAULT.asWritten(), make).wanted(), all);
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        Map<String, Set<String>> alternatives = new LinkedHashMap<>();
        options.forEach(
                (destination, wish) -> {
                    ResultObjects.Made objects = made.computeIfAbsent(wish.asWritten(), make);
                    wanted.put(destination, added(objects.wanted(), all));
                    if (refusing.contains(destination) && wish.fallback()) {
                        alternatives.put(destination, added(objects.alternatives(), all));
                    }
                });
        return new Objects(new ArrayList<>(all.values()), wanted, alternatives, source);
    }

    /**
     * What a destination may be sent instead of what it refuses.
     *
     * @param earlier reports on the same series, the newest first
     */
    List<ResultObject> alternatives(
            StudyResult result, List<EarlierReport> earlier, String destination) {
        return new ResultObjects(result, earlier, normalValues.get())
                .made(of(destination))
                .alternatives();
    }

    private static Set<String> added(List<ResultObject> objects, Map<String, ResultObject> all) {
        Set<String> uids = new LinkedHashSet<>();
        for (ResultObject object : objects) {
            all.putIfAbsent(object.sopInstanceUid(), object);
            uids.add(object.sopInstanceUid());
        }
        return uids;
    }
}
