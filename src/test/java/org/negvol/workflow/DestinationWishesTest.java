package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.negvol.config.ConfigurationProblem;
import org.negvol.config.NegvolConfig;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.report.Outcome;
import org.negvol.report.ResultObject;
import org.negvol.report.ResultObject.Kind;
import org.negvol.report.SourceImage;
import org.negvol.report.SourceSeries;
import org.negvol.report.StudyResult;

class DestinationWishesTest {

    private static DestinationWishes wishes(Map<String, String> destinations) {
        Map<String, String> properties = new java.util.HashMap<>();
        destinations.forEach((name, value) -> properties.put("negvol.destinations." + name, value));
        Settings settings =
                new Settings(
                        new SmallRyeConfigBuilder()
                                .withConverter(Duration.class, 200, new DurationConverter())
                                .withMapping(NegvolConfig.class)
                                .withSources(new PropertiesConfigSource(properties, "test", 500))
                                .build()
                                .getConfigMapping(NegvolConfig.class));
        return new DestinationWishes(settings, new NormalValuesInForce(settings));
    }

    /** A localiser image: there is nothing to measure, and the report says so. */
    private static StudyResult refusal() {
        Attributes header = new Attributes();
        header.setString(Tag.StudyInstanceUID, VR.UI, "2.25.1");
        header.setString(Tag.SeriesInstanceUID, VR.UI, "2.25.2");
        return new StudyResult(
                new SourceSeries(
                        header, List.of(new SourceImage(UID.CTImageStorage, "2.25.3", 0, header))),
                null,
                List.of(),
                null,
                List.of(),
                List.of(),
                new Outcome.NotApplicable("One image is no volume."),
                "0.1.0");
    }

    private static List<Kind> kinds(DestinationWishes.Objects made, String destination) {
        return kinds(made, made.wanted().get(destination));
    }

    private static List<Kind> kinds(DestinationWishes.Objects made, Set<String> uids) {
        return made.all().stream()
                .filter(o -> uids.contains(o.sopInstanceUid()))
                .map(ResultObject::kind)
                .toList();
    }

    @Test
    void eachDestinationGetsWhatItAsksForAndSharedObjectsAreMadeOnce() {
        DestinationWishes.Objects made =
                wishes(
                                Map.of(
                                        "plain", "PACS@10.20.40.5:104",
                                        "old", "OLD@[::1]:104?objects=sr+sc+pdf+ko",
                                        "page", "PAGE@page.example:104?objects=sc"))
                        .objects(refusal(), List.of(), Set.of());
        assertThat(kinds(made, "plain")).containsExactly(Kind.STRUCTURED_REPORT);
        assertThat(kinds(made, "old"))
                .containsExactly(
                        Kind.STRUCTURED_REPORT,
                        Kind.ENCAPSULATED_PDF,
                        Kind.PICTURES,
                        Kind.KEY_OBJECT_SELECTION);
        assertThat(kinds(made, "page")).containsExactly(Kind.PICTURES);
        assertThat(made.all().stream().map(ResultObject::sopInstanceUid)).doesNotHaveDuplicates();
        assertThat(made.all().stream().map(ResultObject::kind)).doesNotHaveDuplicates();
    }

    @Test
    void alternativesAreMadeForThoseThatRefuseSomethingUnlessTheyWantNone() {
        DestinationWishes.Objects made =
                wishes(
                                Map.of(
                                        "plain", "PACS@10.20.40.5:104",
                                        "old", "OLD@10.20.40.6:104",
                                        "strict", "STRICT@10.20.40.7:104?fallback=no"))
                        .objects(refusal(), List.of(), Set.of("old", "strict"));
        assertThat(made.alternatives()).containsOnlyKeys("old");
        assertThat(kinds(made, made.alternatives().get("old")))
                .containsExactly(Kind.ENCAPSULATED_PDF, Kind.PICTURES, Kind.PICTURE);
        assertThat(kinds(made, "old")).containsExactly(Kind.STRUCTURED_REPORT);
        assertThat(made.wanted().get("plain")).isEqualTo(made.wanted().get("old"));
    }

    @Test
    void whatIsMadeLaterIsWhatWouldHaveBeenMadeAtOnce() {
        DestinationWishes wishes = wishes(Map.of("old", "OLD@10.20.40.6:104?objects=sr+sc"));
        DestinationWishes.Objects atOnce = wishes.objects(refusal(), List.of(), Set.of("old"));

        List<ResultObject> later = wishes.alternatives(refusal(), List.of(), "old");

        assertThat(later.stream().map(ResultObject::kind))
                .containsExactly(Kind.ENCAPSULATED_PDF, Kind.PICTURE);
        assertThat(later.stream().map(ResultObject::sopInstanceUid))
                .containsExactlyElementsOf(atOnce.alternatives().get("old"));
    }

    @Test
    void withoutDestinationsTheUsualObjectsAreStillMade() {
        DestinationWishes.Objects made = wishes(Map.of()).objects(refusal(), List.of(), Set.of());
        assertThat(made.wanted()).isEmpty();
        assertThat(made.all().stream().map(ResultObject::kind))
                .containsExactly(Kind.STRUCTURED_REPORT);
    }

    @Test
    void wishThatNobodyUnderstandsStopsTheStart() {
        assertThatThrownBy(() -> wishes(Map.of("pacs", "PACS@10.20.40.5:104?objects=film")))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("negvol.destinations.pacs")
                .hasMessageContaining("film");
    }
}
