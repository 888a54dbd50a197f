package org.negvol.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.ArchiveQuery;
import org.negvol.archive.QueryLevel;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomJson;
import org.negvol.dicom.ElementDictionary;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/** QIDO-RS (PS3.18 10.6): the same index and the same matching as C-FIND. */
@ApplicationScoped
class StudySearch {

    /** Beyond this a client must page (PS3.18 8.3.4.4 leaves the number to the server). */
    static final int MOST_RESULTS = 1000;

    /** PS3.18 table 10.6.3-3. */
    private static final int[] STUDY = {
        Tag.StudyDate,
        Tag.StudyTime,
        Tag.AccessionNumber,
        Tag.InstanceAvailability,
        Tag.ModalitiesInStudy,
        Tag.ReferringPhysicianName,
        Tag.PatientName,
        Tag.PatientID,
        Tag.PatientBirthDate,
        Tag.PatientSex,
        Tag.StudyDescription,
        Tag.StudyInstanceUID,
        Tag.StudyID,
        Tag.NumberOfStudyRelatedSeries,
        Tag.NumberOfStudyRelatedInstances
    };

    /** PS3.18 table 10.6.3-4. */
    private static final int[] SERIES = {
        Tag.StudyInstanceUID,
        Tag.Modality,
        Tag.SeriesDescription,
        Tag.SeriesInstanceUID,
        Tag.SeriesNumber,
        Tag.NumberOfSeriesRelatedInstances,
        Tag.PerformedProcedureStepStartDate,
        Tag.PerformedProcedureStepStartTime,
        Tag.RequestAttributesSequence
    };

    /** PS3.18 table 10.6.3-5. */
    private static final int[] INSTANCE = {
        Tag.StudyInstanceUID,
        Tag.SeriesInstanceUID,
        Tag.SOPClassUID,
        Tag.SOPInstanceUID,
        Tag.InstanceAvailability,
        Tag.InstanceNumber,
        Tag.Rows,
        Tag.Columns,
        Tag.BitsAllocated,
        Tag.NumberOfFrames
    };

    private final ArchiveQuery archive;

    StudySearch(ArchiveQuery archive) {
        this.archive = archive;
    }

    /**
     * A search as the request asks it.
     *
     * @param keys what must match, and what is to be returned
     * @param limit most results
     * @param offset matches that are left out before the first result
     * @param everything whether all attributes of the index are wanted
     */
    record Query(QueryLevel level, Attributes keys, int limit, int offset, boolean everything) {}

    /** Results of a search. */
    record Results(String json, int count, boolean more) {}

    /**
     * Reads the parameters of a request.
     *
     * @param path the UIDs of the path by their tags
     * @throws BadRequestException if one is not understood
     */
    static Query query(
            QueryLevel level,
            Map<Integer, String> path,
            MultivaluedMap<String, String> parameters) {
        Attributes keys = new Attributes();
        keys.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        for (int tag : returned(level, path)) {
            keys.setNull(tag, ElementDictionary.vrOf(tag));
        }
        boolean everything = false;
        int limit = MOST_RESULTS;
        int offset = 0;
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            List<String> values = parameter.getValue();
            switch (name) {
                case "limit" -> limit = Math.min(number(name, values), MOST_RESULTS);
                case "offset" -> offset = number(name, values);
                case "fuzzymatching", "accept" -> {
                    // Answered by a warning; part of content negotiation.
                }
                case "includefield" -> {
                    for (String field : fields(values)) {
                        if (field.equals("all")) {
                            everything = true;
                        } else {
                            include(keys, field);
                        }
                    }
                }
                default -> match(keys, name, values);
            }
        }
        path.forEach((tag, uid) -> keys.setString(tag, VR.UI, uid));
        return new Query(level, keys, limit, offset, everything);
    }

    private static Set<Integer> returned(QueryLevel level, Map<Integer, String> path) {
        Set<Integer> tags = new LinkedHashSet<>();
        switch (level) {
            case PATIENT -> throw new IllegalArgumentException("QIDO-RS has no patients");
            case STUDY -> add(tags, STUDY);
            case SERIES -> {
                if (!path.containsKey(Tag.StudyInstanceUID)) {
                    add(tags, STUDY);
                }
                add(tags, SERIES);
            }
            case IMAGE -> {
                if (!path.containsKey(Tag.StudyInstanceUID)) {
                    add(tags, STUDY);
                }
                if (!path.containsKey(Tag.SeriesInstanceUID)) {
                    add(tags, SERIES);
                }
                add(tags, INSTANCE);
            }
        }
        return tags;
    }

    private static void add(Set<Integer> tags, int[] more) {
        Arrays.stream(more).forEach(tags::add);
    }

    private static List<String> fields(List<String> values) {
        return values.stream()
                .flatMap(v -> Arrays.stream(v.split(",", -1)))
                .map(String::strip)
                .filter(v -> !v.isEmpty())
                .toList();
    }

    private static int number(String name, List<String> values) {
        try {
            int n = Integer.parseInt(values.getFirst());
            if (n >= 0) {
                return n;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new BadRequestException(name + " must be a number from 0.");
    }

    private static void include(Attributes keys, String field) {
        Attributes at = keys;
        String[] steps = field.split("\\.", -1);
        for (int i = 0; i < steps.length; i++) {
            int tag = tag(steps[i]);
            if (i < steps.length - 1) {
                Attributes item = at.getNestedDataset(tag);
                at = item == null ? at.newItem(tag) : item;
            } else if (!at.contains(tag)) {
                at.setNull(tag, ElementDictionary.vrOf(tag));
            }
        }
    }

    private static void match(Attributes keys, String name, List<String> values) {
        Attributes at = keys;
        String[] steps = name.split("\\.", -1);
        for (int i = 0; i < steps.length - 1; i++) {
            int tag = tag(steps[i]);
            if (ElementDictionary.vrOf(tag) != VR.SQ) {
                throw new BadRequestException("%s is no sequence.".formatted(steps[i]));
            }
            Attributes item = at.getNestedDataset(tag);
            at = item == null ? at.newItem(tag) : item;
        }
        int tag = tag(steps[steps.length - 1]);
        VR vr = ElementDictionary.vrOf(tag);
        if (!vr.isText()) {
            throw new BadRequestException("Nobody can search by %s.".formatted(name));
        }
        String[] all =
                values.stream()
                        .flatMap(
                                v ->
                                        Arrays.stream(
                                                vr == VR.UI
                                                        ? v.split("[,\\\\]", -1)
                                                        : new String[] {v}))
                        .map(String::strip)
                        .filter(v -> !v.isEmpty())
                        .toArray(String[]::new);
        try {
            at.setString(tag, vr, all);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("%s cannot have this value.".formatted(name), e);
        }
    }

    private static int tag(String name) {
        ElementDictionary.Entry entry = ElementDictionary.find(name);
        if (entry != null) {
            return entry.tag();
        }
        if (name.matches("[0-9A-Fa-f]{8}")) {
            return Integer.parseUnsignedInt(name, 16);
        }
        throw new BadRequestException(
                "%s is neither a parameter nor an attribute's keyword or tag."
                        .formatted(name.replaceAll("[^A-Za-z0-9.]", "?")));
    }

    /**
     * Answers a query.
     *
     * @param base where the DICOMweb service is, for Retrieve URL
     */
    Results run(Query query, String base) {
        StringBuilder json = new StringBuilder("[");
        int skip = query.offset;
        int count = 0;
        boolean more = false;
        Long from = 0L;
        while (from != null && !more) {
            ArchiveQuery.Page page = archive.find(query.level, query.keys, from);
            for (Attributes match : page.matches()) {
                if (skip > 0) {
                    skip--;
                } else if (count == query.limit) {
                    more = true;
                    break;
                } else {
                    if (count++ > 0) {
                        json.append(',');
                    }
                    append(json, answer(query, match, base));
                }
            }
            from = page.next();
        }
        return new Results(json.append(']').toString(), count, more);
    }

    private static void append(StringBuilder json, Attributes answer) {
        try {
            DicomJson.write(answer, json, null);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Attributes answer(Query query, Attributes match, String base) {
        Attributes answer = new Attributes();
        if (query.everything) {
            answer.addAll(match);
        } else {
            for (int tag : query.keys.tags()) {
                VR vr = query.keys.getVR(tag);
                if (vr != null && tag != Tag.SpecificCharacterSet) {
                    answer.setNull(tag, vr);
                }
            }
            answer.addSelected(match, query.keys.tags());
        }
        answer.setString(Tag.RetrieveURL, VR.UR, retrieveUrl(query.level, match, base));
        return answer;
    }

    private static String retrieveUrl(QueryLevel level, Attributes match, String base) {
        StringBuilder url = new StringBuilder(base);
        url.append("/studies/").append(uid(match, Tag.StudyInstanceUID));
        if (level != QueryLevel.STUDY) {
            url.append("/series/").append(uid(match, Tag.SeriesInstanceUID));
        }
        if (level == QueryLevel.IMAGE) {
            url.append("/instances/").append(uid(match, Tag.SOPInstanceUID));
        }
        return url.toString();
    }

    private static @Nullable String uid(Attributes match, int tag) {
        return match.getString(tag);
    }
}
