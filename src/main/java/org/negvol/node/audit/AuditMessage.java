package org.negvol.node.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An audit message in the XML of PS3.15 A.5.1, on one line. No patient's name is in it.
 *
 * <p>What PS3.15 A.5.3 says of each event is at its factory method.
 */
final class AuditMessage {

    /** EventOutcomeIndicator. */
    private static final int SUCCESS = 0;

    private static final int MINOR_FAILURE = 4;

    /** A code of the DICOM Controlled Terminology (PS3.16 annex D). */
    private record DcmCode(String value, String meaning) {}

    private static final DcmCode APPLICATION_ACTIVITY =
            new DcmCode("110100", "Application Activity");
    private static final DcmCode BEGIN_TRANSFERRING =
            new DcmCode("110102", "Begin Transferring DICOM Instances");
    private static final DcmCode QUERY = new DcmCode("110112", "Query");
    private static final DcmCode SOP_CLASS_UID = new DcmCode("110181", "SOP Class UID");
    private static final DcmCode STUDY_DELETED = new DcmCode("110105", "DICOM Study Deleted");
    private static final DcmCode INSTANCES_TRANSFERRED =
            new DcmCode("110104", "DICOM Instances Transferred");
    private static final DcmCode SECURITY_ALERT = new DcmCode("110113", "Security Alert");
    private static final DcmCode APPLICATION_START = new DcmCode("110120", "Application Start");
    private static final DcmCode APPLICATION_STOP = new DcmCode("110121", "Application Stop");
    private static final DcmCode NODE_AUTHENTICATION = new DcmCode("110126", "Node Authentication");
    private static final DcmCode APPLICATION = new DcmCode("110150", "Application");
    private static final DcmCode DESTINATION = new DcmCode("110152", "Destination Role ID");
    private static final DcmCode SOURCE = new DcmCode("110153", "Source Role ID");
    private static final DcmCode STUDY_INSTANCE_UID = new DcmCode("110180", "Study Instance UID");
    private static final DcmCode NODE_ID = new DcmCode("110182", "Node ID");

    private final StringBuilder xml = new StringBuilder(1024);

    private AuditMessage() {}

    /**
     * A side of an event.
     *
     * @param userId AE title, or the process
     * @param alternativeId how else the process is known
     * @param address IP address, if known
     */
    record Participant(String userId, @Nullable String alternativeId, @Nullable String address) {

        static Participant ae(String aeTitle, @Nullable String address) {
            return new Participant(aeTitle, null, address);
        }
    }

    /** Application Activity (A.5.3.1): this process has started, or stops. */
    static String applicationActivity(Instant at, String source, Participant us, boolean start) {
        AuditMessage m = new AuditMessage();
        m.event(
                at,
                "E",
                SUCCESS,
                APPLICATION_ACTIVITY,
                start ? APPLICATION_START : APPLICATION_STOP,
                null);
        m.participant(us, false, APPLICATION);
        return m.end(source);
    }

    /** Which way instances went. */
    enum Direction {
        /** To us, and some of them are new here. */
        RECEIVED("C"),
        /** To us, who had them all. */
        RECEIVED_AGAIN("R"),
        /** From us. */
        SENT("C");

        private final String action;

        Direction(String action) {
            this.action = action;
        }
    }

    /**
     * Query (A.5.3.10): somebody has asked what is here.
     *
     * @param sopClassUid the information model of the query
     * @param identifier what was asked for, encoded
     * @param transferSyntaxUid how it is encoded
     */
    static String query(
            Instant at,
            String source,
            Participant asker,
            Participant us,
            String sopClassUid,
            byte[] identifier,
            String transferSyntaxUid) {
        AuditMessage m = new AuditMessage();
        m.event(at, "E", SUCCESS, QUERY, null, null);
        m.participant(asker, true, SOURCE);
        m.participant(us, false, DESTINATION);
        m.source(source);
        m.objectStart(sopClassUid, 2, 3);
        m.code("ParticipantObjectIDTypeCode", SOP_CLASS_UID);
        Base64.Encoder base64 = Base64.getEncoder();
        m.xml.append("<ParticipantObjectQuery>")
                .append(base64.encodeToString(identifier))
                .append("</ParticipantObjectQuery><ParticipantObjectDetail");
        m.attribute("type", "TransferSyntax");
        m.attribute(
                "value",
                base64.encodeToString(transferSyntaxUid.getBytes(StandardCharsets.US_ASCII)));
        m.xml.append("/></ParticipantObjectIdentification>");
        return m.end(null);
    }

    /**
     * Begin Transferring DICOM Instances (A.5.3.3): instances of one study leave on request.
     *
     * @param asker who asked for it
     * @param receiver where they go; the asker itself for C-GET
     * @param patientId Patient ID (0010,0020); empty if it is not known
     * @param instancesBySopClass how many of which SOP class
     */
    static String sending(
            Instant at,
            String source,
            Participant us,
            Participant asker,
            Participant receiver,
            String studyInstanceUid,
            String patientId,
            SortedMap<String, Integer> instancesBySopClass) {
        AuditMessage m = new AuditMessage();
        m.event(at, "E", SUCCESS, BEGIN_TRANSFERRING, null, null);
        m.participant(us, false, SOURCE);
        m.participant(receiver, receiver.equals(asker), DESTINATION);
        if (!receiver.equals(asker)) {
            m.participant(asker, true, null);
        }
        m.source(source);
        m.studyOfPatient(studyInstanceUid, patientId, instancesBySopClass);
        return m.end(null);
    }

    /**
     * DICOM Instances Transferred (A.5.3.7): instances of one study have been moved.
     *
     * @param sender where they came from, who also asked for the transfer
     * @param receiver where they are now
     * @param patientId Patient ID (0010,0020); empty if it is not known
     * @param instancesBySopClass how many of which SOP class
     */
    static String instancesTransferred(
            Instant at,
            String source,
            Participant sender,
            Participant receiver,
            Direction direction,
            String studyInstanceUid,
            String patientId,
            SortedMap<String, Integer> instancesBySopClass) {
        AuditMessage m = new AuditMessage();
        m.event(at, direction.action, SUCCESS, INSTANCES_TRANSFERRED, null, null);
        m.participant(sender, true, SOURCE);
        m.participant(receiver, false, DESTINATION);
        m.source(source);
        m.studyOfPatient(studyInstanceUid, patientId, instancesBySopClass);
        return m.end(null);
    }

    /**
     * DICOM Study Deleted (A.5.3.8): this process has deleted a study.
     *
     * @param patientId Patient ID (0010,0020); empty if it is not known
     */
    static String studyDeleted(
            Instant at,
            String source,
            Participant us,
            String why,
            String studyInstanceUid,
            String patientId) {
        AuditMessage m = new AuditMessage();
        m.event(at, "D", SUCCESS, STUDY_DELETED, null, why);
        m.participant(us, true, null);
        m.source(source);
        m.studyOfPatient(studyInstanceUid, patientId, new TreeMap<>());
        return m.end(null);
    }

    /** Security Alert (A.5.3.11): somebody asked for an association and was refused. */
    static String nodeRefused(
            Instant at, String source, Participant us, Participant caller, String why) {
        AuditMessage m = new AuditMessage();
        m.event(at, "E", MINOR_FAILURE, SECURITY_ALERT, NODE_AUTHENTICATION, why);
        m.participant(us, false, null);
        m.participant(caller, true, null);
        m.source(source);
        m.objectStart(caller.address == null ? caller.userId : caller.address, 2, 13);
        m.code("ParticipantObjectIDTypeCode", NODE_ID);
        m.xml.append("<ParticipantObjectName/></ParticipantObjectIdentification>");
        return m.end(null);
    }

    private void event(
            Instant at,
            String action,
            int outcome,
            DcmCode id,
            @Nullable DcmCode type,
            @Nullable String description) {
        xml.append("<AuditMessage><EventIdentification");
        attribute("EventActionCode", action);
        attribute("EventDateTime", at.truncatedTo(ChronoUnit.MILLIS).toString());
        attribute("EventOutcomeIndicator", Integer.toString(outcome));
        xml.append('>');
        code("EventID", id);
        if (type != null) {
            code("EventTypeCode", type);
        }
        if (description != null) {
            xml.append("<EventOutcomeDescription>");
            escaped(description);
            xml.append("</EventOutcomeDescription>");
        }
        xml.append("</EventIdentification>");
    }

    private void participant(Participant who, boolean requestor, @Nullable DcmCode role) {
        xml.append("<ActiveParticipant");
        attribute("UserID", who.userId);
        if (who.alternativeId != null) {
            attribute("AlternativeUserID", who.alternativeId);
        }
        attribute("UserIsRequestor", Boolean.toString(requestor));
        if (who.address != null) {
            attribute("NetworkAccessPointID", who.address);
            attribute("NetworkAccessPointTypeCode", "2");
        }
        if (role == null) {
            xml.append("/>");
            return;
        }
        xml.append('>');
        code("RoleIDCode", role);
        xml.append("</ActiveParticipant>");
    }

    private void source(String id) {
        xml.append("<AuditSourceIdentification");
        attribute("AuditSourceID", id);
        // 4 is an application server process.
        xml.append("><AuditSourceTypeCode csd-code=\"4\"/></AuditSourceIdentification>");
    }

    private void studyOfPatient(
            String studyInstanceUid,
            String patientId,
            SortedMap<String, Integer> instancesBySopClass) {
        // Object type 2 is a system object, in the role 3 of a report.
        objectStart(studyInstanceUid, 2, 3);
        code("ParticipantObjectIDTypeCode", STUDY_INSTANCE_UID);
        // The schema wants a name; who reads the trail is told none.
        xml.append("<ParticipantObjectName/>");
        if (!instancesBySopClass.isEmpty()) {
            xml.append("<ParticipantObjectDescription>");
            instancesBySopClass.forEach(
                    (sopClass, number) -> {
                        xml.append("<SOPClass");
                        attribute("UID", sopClass);
                        attribute("NumberOfInstances", Integer.toString(number));
                        xml.append("/>");
                    });
            xml.append("</ParticipantObjectDescription>");
        }
        xml.append("</ParticipantObjectIdentification>");
        // Object type 1 is a person, in the role 1 of a patient.
        objectStart(patientId, 1, 1);
        code("ParticipantObjectIDTypeCode", "2", "RFC-3881", "Patient Number");
        xml.append("<ParticipantObjectName/></ParticipantObjectIdentification>");
    }

    private void objectStart(String id, int type, int role) {
        xml.append("<ParticipantObjectIdentification");
        attribute("ParticipantObjectID", id.isEmpty() ? "<none>" : id);
        attribute("ParticipantObjectTypeCode", Integer.toString(type));
        attribute("ParticipantObjectTypeCodeRole", Integer.toString(role));
        xml.append('>');
    }

    private String end(@Nullable String source) {
        if (source != null) {
            source(source);
        }
        return xml.append("</AuditMessage>").toString();
    }

    private void code(String element, DcmCode code) {
        code(element, code.value, "DCM", code.meaning);
    }

    private void code(String element, String value, String system, String meaning) {
        xml.append('<').append(element);
        attribute("csd-code", value);
        attribute("codeSystemName", system);
        attribute("originalText", meaning);
        xml.append("/>");
    }

    private void attribute(String name, String value) {
        xml.append(' ').append(name).append("=\"");
        escaped(value);
        xml.append('"');
    }

    /** What peers send may hold anything; a line must stay a line and XML must stay XML. */
    private void escaped(String value) {
        value.codePoints()
                .forEach(
                        c -> {
                            switch (c) {
                                case '<' -> xml.append("&lt;");
                                case '>' -> xml.append("&gt;");
                                case '&' -> xml.append("&amp;");
                                case '"' -> xml.append("&quot;");
                                case '\t', '\n', '\r' -> xml.append(' ');
                                default -> {
                                    boolean allowed =
                                            c >= 0x20
                                                    && !(c >= 0x7F && c < 0xA0)
                                                    && !(c >= 0xD800 && c < 0xE000)
                                                    && c != 0xFFFE
                                                    && c != 0xFFFF;
                                    xml.appendCodePoint(allowed ? c : 0xFFFD);
                                }
                            }
                        });
    }
}
