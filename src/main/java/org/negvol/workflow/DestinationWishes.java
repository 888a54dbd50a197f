package org.negvol.workflow;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
     * @param all every object that somebody wants, once, in the order of sending
     * @param wanted SOP Instance UIDs by destination
     */
    record Objects(List<ResultObject> all, Map<String, Set<String>> wanted) {}

    private final Map<String, ReportOptions> options = new LinkedHashMap<>();

    DestinationWishes(Settings settings) {
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

    /** Whether a destination is offered objects deflated first. */
    boolean deflate(String destination) {
        return options.getOrDefault(destination, ReportOptions.DEFAULT).deflate();
    }

    /**
     * The objects of a result for all destinations; the usual ones are always made.
     *
     * @param earlier reports on the same series, the newest first
     */
    Objects objects(StudyResult result, List<EarlierReport> earlier) {
        Map<ReportOptions, List<ResultObject>> made = new HashMap<>();
        List<ResultObject> usual = ResultObjects.of(result, ReportOptions.DEFAULT, earlier);
        made.put(ReportOptions.DEFAULT, usual);
        Map<String, ResultObject> all = new LinkedHashMap<>();
        usual.forEach(o -> all.put(o.sopInstanceUid(), o));
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        options.forEach(
                (destination, wish) -> {
                    Set<String> uids = new LinkedHashSet<>();
                    for (ResultObject object :
                            made.computeIfAbsent(wish, w -> ResultObjects.of(result, w, earlier))) {
                        all.putIfAbsent(object.sopInstanceUid(), object);
                        uids.add(object.sopInstanceUid());
                    }
                    wanted.put(destination, uids);
                });
        return new Objects(new ArrayList<>(all.values()), wanted);
    }
}
