package org.negvol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The house's plan: a room calls the rooms it is said to use, and no other. */
@AnalyzeClasses(packages = "org.negvol", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {

    /** What does not lie where this class lies, whatever built it. */
    static final class MainClasses implements ImportOption {

        private final String tests =
                ArchitectureTest.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString();

        @Override
        public boolean includes(Location location) {
            return !location.asURI().toString().startsWith(tests);
        }
    }

    private static final String ROOT = "org.negvol.";

    /** Each room, and the rooms it uses. */
    private static final Map<String, Set<String>> USES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("dicom", Set.of()),
                            Map.entry("config", Set.of()),
                            Map.entry("dimse", Set.of("dicom")),
                            Map.entry("archive", Set.of("config", "dicom")),
                            Map.entry("node", Set.of("archive", "config", "dicom", "dimse")),
                            Map.entry("volume", Set.of("dicom")),
                            Map.entry("segmentation", Set.of("volume")),
                            Map.entry("surface", Set.of("volume")),
                            Map.entry("measure", Set.of("surface", "volume")),
                            Map.entry(
                                    "report",
                                    Set.of(
                                            "dicom",
                                            "measure",
                                            "segmentation",
                                            "surface",
                                            "volume")),
                            Map.entry("phantom", Set.of("dicom", "volume")),
                            Map.entry(
                                    "workflow",
                                    Set.of(
                                            "archive",
                                            "config",
                                            "dicom",
                                            "dimse",
                                            "measure",
                                            "node",
                                            "report",
                                            "segmentation",
                                            "surface",
                                            "volume")),
                            Map.entry(
                                    "web",
                                    Set.of("archive", "config", "dicom", "node", "workflow")),
                            Map.entry(
                                    "cli",
                                    Set.of(
                                            "archive",
                                            "config",
                                            "dicom",
                                            "dimse",
                                            "measure",
                                            "node",
                                            "phantom",
                                            "report",
                                            "segmentation",
                                            "surface",
                                            "volume",
                                            "web",
                                            "workflow"))));

    /** The method and the protocol: usable and testable by themselves. */
    private static final String[] FRAMEWORK_FREE = {
        ROOT + "dicom..",
        ROOT + "dimse..",
        ROOT + "volume..",
        ROOT + "segmentation..",
        ROOT + "surface..",
        ROOT + "measure..",
        ROOT + "report..",
        ROOT + "phantom.."
    };

    @ArchTest
    static void aRoomCallsOnlyTheRoomsItUses(JavaClasses all) {
        USES.forEach(
                (room, uses) ->
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + room + "..")
                                .should()
                                .dependOnClassesThat(areInARoomBeyond(room, uses))
                                .because("%s uses %s".formatted(room, uses))
                                .check(all));
    }

    @ArchTest
    static void everyClassLivesInARoom(JavaClasses all) {
        classes()
                .should()
                .resideInAnyPackage(
                        USES.keySet().stream()
                                .map(room -> ROOT + room + "..")
                                .toArray(String[]::new))
                .check(all);
    }

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule methodAndProtocolKnowNoFramework =
            noClasses()
                    .that()
                    .resideInAnyPackage(FRAMEWORK_FREE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.quarkus..",
                            "io.micrometer..",
                            "jakarta..",
                            "org.eclipse.microprofile..",
                            "org.hibernate..",
                            "org.jboss..",
                            "com.github.kagkarlsson..",
                            "java.sql..",
                            "javax.sql..");

    @ArchTest
    static final ArchRule onlyTheNetworkRoomsOpenSockets =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            ROOT + "dimse..",
                            // the embedded server's free port; the audit trail's syslog
                            ROOT + "archive.postgres..",
                            ROOT + "node.audit..",
                            ROOT + "cli..")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.net.Socket")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.nio.channels.SocketChannel");

    @ArchTest
    static final ArchRule nobodyWritesToTheStandardStreams =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + "cli..")
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err");

    private static DescribedPredicate<JavaClass> areInARoomBeyond(String room, Set<String> uses) {
        return DescribedPredicate.describe(
                "are in a room other than %s and %s".formatted(room, uses),
                c -> {
                    if (!c.getPackageName().startsWith(ROOT)) {
                        return false;
                    }
                    String other = c.getPackageName().substring(ROOT.length()).split("\\.", 2)[0];
                    return !other.equals(room) && !uses.contains(other);
                });
    }
}
