package org.negvol.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/**
 * Which algorithm made a thing.
 *
 * @param family Algorithm Family of CID 7162
 * @param name Algorithm Name
 * @param version Algorithm Version
 * @param parameters what it was run with, the networks with their digests, one sentence each
 */
record AlgorithmIdentification(Code family, String name, String version, List<String> parameters) {

    AlgorithmIdentification {
        parameters = List.copyOf(parameters);
    }

    /** The networks that say which bone a voxel belongs to. */
    static AlgorithmIdentification segmentation(StudyResult result) {
        return new AlgorithmIdentification(
                Codes.ARTIFICIAL_INTELLIGENCE,
                ResultWords.ALGORITHM + " - segmentation",
                ResultWords.plain(result.pipelineVersion()),
                result.models().stream().map(ResultWords::of).toList());
    }

    /** The surfaces of the bones, found in the CT by sub-voxel edges. */
    static AlgorithmIdentification surface(StudyResult result) {
        return new AlgorithmIdentification(
                Codes.EDGE_DETECTION,
                ResultWords.ALGORITHM + " - bone surface",
                ResultWords.plain(result.pipelineVersion()),
                List.of());
    }

    /** The inflation of the condyle that gives the negative volume. */
    static AlgorithmIdentification inflation(StudyResult result) {
        return new AlgorithmIdentification(
                Codes.DEFORMABLE_MODELS,
                ResultWords.ALGORITHM + " - inflation",
                ResultWords.plain(result.pipelineVersion()),
                methodParameters(result));
    }

    /** The surfaces with fewer triangles, as they are sent. */
    static AlgorithmIdentification simplification(StudyResult result) {
        return new AlgorithmIdentification(
                Codes.NEIGHBORHOOD_ANALYSIS,
                ResultWords.ALGORITHM + " - simplification",
                ResultWords.plain(result.pipelineVersion()),
                List.of("tolerance %s mm".formatted(SentMeshes.TOLERANCE_MM)));
    }

    /** All of it, as the Structured Report names it. */
    static AlgorithmIdentification all(StudyResult result) {
        return new AlgorithmIdentification(
                Codes.ARTIFICIAL_INTELLIGENCE,
                ResultWords.ALGORITHM,
                ResultWords.plain(result.pipelineVersion()),
                Stream.concat(
                                methodParameters(result).stream(),
                                result.models().stream().map(ResultWords::of))
                        .toList());
    }

    private static List<String> methodParameters(StudyResult result) {
        return result.joints().stream()
                .map(j -> ResultWords.parameters(j.surfaces().parameters()))
                .distinct()
                .toList();
    }

    /** Appends the Algorithm Identification macro (PS3.3 section 10.16). */
    void addTo(Attributes dataset, int sequenceTag) {
        Attributes item = dataset.newItem(sequenceTag);
        family.addTo(item, Tag.AlgorithmFamilyCodeSequence);
        item.setString(Tag.AlgorithmName, VR.LO, name);
        item.setString(Tag.AlgorithmVersion, VR.LO, version);
        item.setString(Tag.AlgorithmSource, VR.LO, ResultWords.MAKER);
        if (!parameters.isEmpty()) {
            item.setString(
                    Tag.AlgorithmParameters,
                    VR.LT,
                    parameters.stream().collect(Collectors.joining("\n")));
        }
    }

    /** Adds the rows of TID 4019. */
    void describe(ContentItem parent, ContentItem.Relationship relationship) {
        identify(parent, relationship);
        parameters.forEach(p -> parent.text(relationship, Codes.ALGORITHM_PARAMETERS, p));
    }

    /** Adds the mandatory rows of TID 4019: name and version. */
    void identify(ContentItem parent, ContentItem.Relationship relationship) {
        parent.text(relationship, Codes.ALGORITHM_NAME, name);
        parent.text(relationship, Codes.ALGORITHM_VERSION, version);
    }
}
