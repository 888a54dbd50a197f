package org.negvol.workflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.SliceStack;
import org.negvol.workflow.SeriesChoice.Candidate;

/**
 * What is to be done for a study, given its complete series and their jobs?
 *
 * <p>Planning again without news gives an empty plan.
 */
final class StudyPlan {

    /**
     * A series that is complete.
     *
     * @param id key in the index
     * @param uid Series Instance UID
     * @param name what a person calls it
     * @param modality Modality (0008,0060)
     * @param instances how many instances it has
     * @param isOurs whether this node made it
     * @param images what there is to choose; null without CT images
     * @param job its current job; null if it has none
     */
    record Series(
            long id,
            String uid,
            String name,
            String modality,
            int instances,
            boolean isOurs,
            @Nullable Candidate images,
            @Nullable Job job) {}

    /**
     * A job that is not superseded.
     *
     * @param instances how many instances its series had then
     */
    record Job(long id, JobState state, int instances) {}

    /** What to do; in the plan's order. */
    sealed interface Action {}

    /** The job's result does not count any more. */
    record Supersede(long jobId, String sentence) implements Action {}

    /** Process the series. */
    record Start(long seriesId, int instances, String sentence) implements Action {}

    /** Do not process the series, and say why. */
    record Skip(long seriesId, int instances, String sentence) implements Action {}

    private StudyPlan() {}

    /** The plan for a study. */
    static List<Action> of(List<Series> study) {
        List<Candidate> candidates = new ArrayList<>();
        Map<String, Series> byUid = new HashMap<>();
        for (Series s : study) {
            byUid.put(s.uid(), s);
            if (s.images() != null) {
                candidates.add(s.images());
            }
        }
        List<Candidate> ranked = SeriesChoice.ranked(candidates);
        Set<Candidate> spent = new HashSet<>();
        for (Series s : study) {
            if (s.images() != null && showsNothing(s)) {
                spent.add(s.images());
            }
        }
        List<Candidate> chosen =
                SeriesChoice.best(candidates).stream().map(c -> untried(c, ranked, spent)).toList();
        List<Action> plan = new ArrayList<>();
        for (Series s : study) {
            Candidate images = s.images();
            if (s.isOurs()) {
                continue;
            }
            if (images == null) {
                skip(s, noImages(s), plan);
            } else if (chosen.contains(images)) {
                start(s, plan);
            } else {
                Candidate instead = betterOne(images, chosen);
                boolean gaveWay = ranked.indexOf(images) < ranked.indexOf(instead);
                if (spent.contains(images) && (gaveWay || spent.contains(instead))) {
                    // Its own job says why another is tried, or was in vain.
                    continue;
                }
                String name =
                        Optional.ofNullable(byUid.get(instead.seriesUid()))
                                .map(Series::name)
                                .orElse("another series");
                skip(s, lesser(images, instead, name), plan);
            }
        }
        return plan;
    }

    private static boolean showsNothing(Series s) {
        Job job = s.job();
        return job != null
                && job.state() == JobState.NOT_APPLICABLE
                && job.instances() == s.instances();
    }

    /**
     * The series itself, or where it was tried and shows nothing that can be measured, the best one
     * of its frame of reference that was not: the finest reformat may leave out the joints.
     */
    private static Candidate untried(Candidate best, List<Candidate> ranked, Set<Candidate> spent) {
        if (!spent.contains(best)) {
            return best;
        }
        return ranked.stream()
                .filter(c -> c.frameOfReferenceUid().equals(best.frameOfReferenceUid()))
                .filter(c -> c.isVolume() && !c.isOtherBodyPart() && !spent.contains(c))
                .findFirst()
                .orElse(best);
    }

    private static void start(Series s, List<Action> plan) {
        Job job = s.job();
        if (job != null) {
            if (job.state() != JobState.SKIPPED && job.instances() == s.instances()) {
                return;
            }
            plan.add(
                    new Supersede(
                            job.id(),
                            job.state() == JobState.SKIPPED
                                    ? "The series is now the best one to process."
                                    : "%d more images came; the series is processed again."
                                            .formatted(s.instances() - job.instances())));
        }
        plan.add(
                new Start(
                        s.id(),
                        s.instances(),
                        "%s complete; waiting for a worker.".formatted(images(s.instances()))));
    }

    private static void skip(Series s, String sentence, List<Action> plan) {
        Job job = s.job();
        if (job != null) {
            if (job.state() == JobState.SKIPPED) {
                return;
            }
            plan.add(new Supersede(job.id(), sentence));
        }
        plan.add(new Skip(s.id(), s.instances(), sentence));
    }

    private static String noImages(Series s) {
        return switch (s.modality()) {
            case "CT" -> "The series holds no CT images.";
            case "SR" -> "The series holds a report and no CT images.";
            case "" -> "The series does not say its modality; only CT is processed.";
            default -> "The series is %s and not CT.".formatted(s.modality());
        };
    }

    private static Candidate betterOne(Candidate images, List<Candidate> chosen) {
        return chosen.stream()
                .filter(c -> c.frameOfReferenceUid().equals(images.frameOfReferenceUid()))
                .findFirst()
                .orElseGet(chosen::getFirst);
    }

    private static String lesser(Candidate images, Candidate better, String name) {
        String why = SeriesChoice.why(better, images);
        return switch (images.stack()) {
            case SliceStack.NotAVolume(var reason, var sentence)
                    when reason == SliceStack.Reason.ONLY_LOCALIZERS ->
                    "The series holds localizer images only; %s is processed.".formatted(name);
            case SliceStack.NotAVolume n ->
                    "The images make no volume; %s is processed.".formatted(name);
            case SliceStack.Stack s ->
                    "%s of the same frame of reference is processed instead: it %s."
                            .formatted(capital(name), why);
        };
    }

    private static String images(int n) {
        return n == 1 ? "1 image is" : n + " images are";
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
