package org.negvol.node.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.negvol.dicom.UID;
import org.negvol.node.audit.AuditMessage.Direction;
import org.negvol.node.audit.AuditMessage.Participant;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** Audit messages are what PS3.15 A.5.1 allows and A.5.3 asks of each event. */
class AuditMessageTest {

    private static final Instant AT = Instant.parse("2026-11-25T09:00:00.123456Z");
    private static final Participant US = Participant.ae("NEGVOL", null);
    private static final Participant VIEWER = Participant.ae("VIEWER", "10.20.70.1");
    private static final Participant SCANNER = Participant.ae("CT_ROOM1", "10.20.30.41");

    /**
     * Of each element: the children in their order (a regular expression), attributes that must be.
     */
    private record Rule(String children, Set<String> required, Set<String> optional) {}

    private static final Set<String> CODE = Set.of("csd-code", "codeSystemName", "originalText");

    /** The part of the schema of A.5.1.1 that our messages use. */
    private static final Map<String, Rule> SCHEMA =
            Map.ofEntries(
                    Map.entry(
                            "AuditMessage",
                            new Rule(
                                    "EventIdentification (ActiveParticipant )+"
                                            + "AuditSourceIdentification"
                                            + "( ParticipantObjectIdentification)*",
                                    Set.of(),
                                    Set.of())),
                    Map.entry(
                            "EventIdentification",
                            new Rule(
                                    "EventID( EventTypeCode)*( EventOutcomeDescription)?",
                                    Set.of("EventDateTime", "EventOutcomeIndicator"),
                                    Set.of("EventActionCode"))),
                    Map.entry("EventID", new Rule("", CODE, Set.of())),
                    Map.entry("EventTypeCode", new Rule("", CODE, Set.of())),
                    Map.entry("EventOutcomeDescription", new Rule("", Set.of(), Set.of())),
                    Map.entry(
                            "ActiveParticipant",
                            new Rule(
                                    "(RoleIDCode)?",
                                    Set.of("UserID", "UserIsRequestor"),
                                    Set.of(
                                            "AlternativeUserID",
                                            "NetworkAccessPointID",
                                            "NetworkAccessPointTypeCode"))),
                    Map.entry("RoleIDCode", new Rule("", CODE, Set.of())),
                    Map.entry(
                            "AuditSourceIdentification",
                            new Rule("(AuditSourceTypeCode)*", Set.of("AuditSourceID"), Set.of())),
                    Map.entry("AuditSourceTypeCode", new Rule("", Set.of("csd-code"), Set.of())),
                    Map.entry(
                            "ParticipantObjectIdentification",
                            new Rule(
                                    "ParticipantObjectIDTypeCode"
                                            + " (ParticipantObjectName|ParticipantObjectQuery)"
                                            + "( ParticipantObjectDetail)*"
                                            + "( ParticipantObjectDescription)*",
                                    Set.of("ParticipantObjectID"),
                                    Set.of(
                                            "ParticipantObjectTypeCode",
                                            "ParticipantObjectTypeCodeRole"))),
                    Map.entry("ParticipantObjectIDTypeCode", new Rule("", CODE, Set.of())),
                    Map.entry("ParticipantObjectName", new Rule("", Set.of(), Set.of())),
                    Map.entry("ParticipantObjectQuery", new Rule("", Set.of(), Set.of())),
                    Map.entry(
                            "ParticipantObjectDetail",
                            new Rule("", Set.of("type", "value"), Set.of())),
                    Map.entry(
                            "ParticipantObjectDescription",
                            new Rule("SOPClass( SOPClass)*", Set.of(), Set.of())),
                    Map.entry(
                            "SOPClass",
                            new Rule("", Set.of("UID", "NumberOfInstances"), Set.of())));

    @Test
    void everyMessageIsWhatTheSchemaAllows() throws Exception {
        for (String xml :
                List.of(
                        AuditMessage.applicationActivity(AT, "NEGVOL", US, true),
                        AuditMessage.applicationActivity(AT, "NEGVOL", US, false),
                        transfer("PAT-1"),
                        query(),
                        sending(VIEWER),
                        sending(SCANNER),
                        AuditMessage.nodeRefused(AT, "NEGVOL", US, SCANNER, "no"))) {
            check(parsed(xml).getDocumentElement());
        }
    }

    @Test
    void aTransferSaysWhoSentWhatOfWhom() throws Exception {
        Document message = parsed(transfer("PAT-1"));
        assertThat(attribute(message, "EventID", "csd-code", 0)).isEqualTo("110104");
        assertThat(attribute(message, "EventIdentification", "EventActionCode", 0)).isEqualTo("C");
        assertThat(attribute(message, "EventIdentification", "EventDateTime", 0))
                .isEqualTo("2026-11-25T09:00:00.123Z");
        assertThat(attribute(message, "ActiveParticipant", "UserID", 0)).isEqualTo("CT_ROOM1");
        assertThat(attribute(message, "ActiveParticipant", "NetworkAccessPointID", 0))
                .isEqualTo("10.20.30.41");
        assertThat(attribute(message, "RoleIDCode", "csd-code", 0)).isEqualTo("110153");
        assertThat(attribute(message, "ActiveParticipant", "UserID", 1)).isEqualTo("NEGVOL");
        assertThat(attribute(message, "RoleIDCode", "csd-code", 1)).isEqualTo("110152");
        assertThat(attribute(message, "ParticipantObjectIdentification", "ParticipantObjectID", 0))
                .isEqualTo("1.2.3");
        assertThat(attribute(message, "SOPClass", "UID", 0)).isEqualTo(UID.CTImageStorage);
        assertThat(attribute(message, "SOPClass", "NumberOfInstances", 0)).isEqualTo("120");
        assertThat(attribute(message, "ParticipantObjectIdentification", "ParticipantObjectID", 1))
                .isEqualTo("PAT-1");
    }

    @Test
    void aQuerySaysWhoAskedForWhat() throws Exception {
        Document message = parsed(query());
        assertThat(attribute(message, "EventID", "csd-code", 0)).isEqualTo("110112");
        assertThat(attribute(message, "ActiveParticipant", "UserID", 0)).isEqualTo("VIEWER");
        assertThat(attribute(message, "ActiveParticipant", "UserIsRequestor", 0)).isEqualTo("true");
        assertThat(attribute(message, "ParticipantObjectIdentification", "ParticipantObjectID", 0))
                .isEqualTo(UID.StudyRootQueryRetrieveInformationModelFind);
        assertThat(
                        Base64.getDecoder()
                                .decode(
                                        message.getElementsByTagName("ParticipantObjectQuery")
                                                .item(0)
                                                .getTextContent()))
                .containsExactly(1, 2, 3);
        assertThat(
                        Base64.getDecoder()
                                .decode(attribute(message, "ParticipantObjectDetail", "value", 0)))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(UID.ExplicitVRLittleEndian);
    }

    @Test
    void whatLeavesOnRequestSaysWhoAskedAndWhereItGoes() throws Exception {
        Document toAnother = parsed(sending(SCANNER));
        assertThat(attribute(toAnother, "EventID", "csd-code", 0)).isEqualTo("110102");
        assertThat(attribute(toAnother, "ActiveParticipant", "UserID", 1)).isEqualTo("CT_ROOM1");
        assertThat(attribute(toAnother, "ActiveParticipant", "UserID", 2)).isEqualTo("VIEWER");
        assertThat(attribute(toAnother, "ActiveParticipant", "UserIsRequestor", 2))
                .isEqualTo("true");
        Document toAsker = parsed(sending(VIEWER));
        assertThat(toAsker.getElementsByTagName("ActiveParticipant").getLength()).isEqualTo(2);
        assertThat(attribute(toAsker, "ActiveParticipant", "UserIsRequestor", 1)).isEqualTo("true");
    }

    @Test
    void aRefusedCallerIsASecurityAlert() throws Exception {
        Document message = parsed(AuditMessage.nodeRefused(AT, "NEGVOL", US, SCANNER, "not known"));
        assertThat(attribute(message, "EventID", "csd-code", 0)).isEqualTo("110113");
        assertThat(attribute(message, "EventTypeCode", "csd-code", 0)).isEqualTo("110126");
        assertThat(attribute(message, "EventIdentification", "EventOutcomeIndicator", 0))
                .isEqualTo("4");
        assertThat(message.getElementsByTagName("EventOutcomeDescription").item(0).getTextContent())
                .isEqualTo("not known");
    }

    @Test
    void whatAPeerSendsCannotForgeALineOrBreakTheXml() throws Exception {
        String evil = "P\"/><a>&\n<85>1 \u0000\u001b\ud800 ü\r\n\t\u0085";
        String xml = transfer(evil);
        assertThat(xml).doesNotContain("\n", "\r", "\u0000", "\u001b", "\u0085");
        Document message = parsed(xml);
        check(message.getDocumentElement());
        assertThat(attribute(message, "ParticipantObjectIdentification", "ParticipantObjectID", 1))
                .startsWith("P\"/><a>& <85>1 ")
                .contains("ü");
    }

    @Test
    void anUnknownPatientIsSaidToBeUnknown() throws Exception {
        assertThat(
                        attribute(
                                parsed(transfer("")),
                                "ParticipantObjectIdentification",
                                "ParticipantObjectID",
                                1))
                .isEqualTo("<none>");
    }

    private static String query() {
        return AuditMessage.query(
                AT,
                "NEGVOL",
                VIEWER,
                US,
                UID.StudyRootQueryRetrieveInformationModelFind,
                new byte[] {1, 2, 3},
                UID.ExplicitVRLittleEndian);
    }

    private static String sending(Participant receiver) {
        return AuditMessage.sending(
                AT,
                "NEGVOL",
                US,
                VIEWER,
                receiver,
                "1.2.3",
                "PAT-1",
                new TreeMap<>(Map.of(UID.CTImageStorage, 120)));
    }

    private static String transfer(String patientId) {
        return AuditMessage.instancesTransferred(
                AT,
                "NEGVOL",
                SCANNER,
                US,
                Direction.RECEIVED,
                "1.2.3",
                patientId,
                new TreeMap<>(Map.of(UID.CTImageStorage, 120)));
    }

    private static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)));
    }

    private static String attribute(Document message, String element, String name, int index) {
        return ((Element) message.getElementsByTagName(element).item(index)).getAttribute(name);
    }

    private static void check(Element element) {
        Rule rule = SCHEMA.get(element.getTagName());
        assertThat(rule).as(element.getTagName()).isNotNull();
        List<String> children = new ArrayList<>();
        for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element child) {
                children.add(child.getTagName());
                check(child);
            }
        }
        assertThat(String.join(" ", children)).as(element.getTagName()).matches(rule.children);
        Set<String> attributes = new TreeSet<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            attributes.add(element.getAttributes().item(i).getNodeName());
        }
        assertThat(attributes).as(element.getTagName()).containsAll(rule.required);
        attributes.removeAll(rule.required);
        assertThat(rule.optional).as(element.getTagName()).containsAll(attributes);
    }
}
