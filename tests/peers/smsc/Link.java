import com.cloudhopper.commons.charset.CharsetUtil;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jsmpp.DefaultPDUReader;
import org.jsmpp.DefaultPDUSender;
import org.jsmpp.PDUStringException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.SynchronizedPDUSender;
import org.jsmpp.bean.*;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.extra.SessionState;
import org.jsmpp.session.*;
import org.jsmpp.session.connection.socket.SocketConnection;
import org.jsmpp.util.DefaultDecomposer;
import org.jsmpp.util.MessageId;

/** One connection of a client: reads with jSMPP's reader, tells what it read, and answers as Smsc was told to. */
final class Link extends DefaultPDUReader
        implements ServerMessageReceiverListener, ServerResponseDeliveryListener, SessionStateListener {
    static final int PARALLEL_REQUESTS = 64;
    static final int QUEUED_REQUESTS = 10_000;
    static final int BIND_MILLISECONDS = 10_000;
    static final int ANSWER_MILLISECONDS = 5_000;
    static final int FEATURE_UDHI = 0x40;

    final int number = Smsc.links.incrementAndGet();
    final SocketConnection connection;
    final SMPPServerSession session;
    final CountDownLatch closed = new CountDownLatch(1);
    final Map<Integer, Plan> plans = new ConcurrentHashMap<>();

    /** What to do with one submit_sm; settled as it arrives, because jSMPP handles several at a time in any order. */
    record Plan(JsonValue action, String messageId) {}

    Link(Socket socket) throws IOException {
        connection = new SocketConnection(socket);
        session = new SMPPServerSession(
                connection, this, this, this, PARALLEL_REQUESTS, QUEUED_REQUESTS,
                new SynchronizedPDUSender(new DefaultPDUSender()), this);
        session.setTransactionTimer(ANSWER_MILLISECONDS);
        session.setEnquireLinkTimer(Smsc.enquireLinkMilliseconds);
    }

    JsonObject facts() {
        return new JsonObject().add("link", number);
    }

    void waitForBind() {
        try {
            BindRequest request = session.waitForBind(BIND_MILLISECONDS);
            int status = Smsc.nextBindStatus();
            if (status == SMPPConstant.STAT_ESME_ROK && !request.getSystemId().equals(Smsc.systemId)) {
                status = SMPPConstant.STAT_ESME_RINVSYSID;
            }
            if (status == SMPPConstant.STAT_ESME_ROK && !Smsc.password.equals(request.getPassword())) {
                status = SMPPConstant.STAT_ESME_RINVPASWD;
            }
            Smsc.emit("bind", facts()
                    .add("system_id", request.getSystemId())
                    .add("mode", request.getBindType().toString())
                    .add("status", status));
            if (status == SMPPConstant.STAT_ESME_ROK) {
                Smsc.bound.add(this);
                request.accept(Smsc.systemId, InterfaceVersion.IF_34);
            } else {
                request.reject(status);
                session.close();
            }
        } catch (TimeoutException | IOException | PDUStringException | IllegalStateException broken) {
            connection.close();
        }
    }

    @Override
    public byte[] readPDU(DataInputStream in, Command header) throws IOException {
        byte[] pdu = super.readPDU(in, header);
        Smsc.emit("pdu", facts()
                .add("command", header.getCommandId() & 0xFFFFFFFFL)
                .add("status", header.getCommandStatus())
                .add("sequence", header.getSequenceNumber())
                .add("content", Smsc.written(pdu)));
        if (header.getCommandId() == SMPPConstant.CID_SUBMIT_SM) {
            plans.put(header.getSequenceNumber(), Smsc.nextPlan());
            tell(pdu);
        }
        return pdu;
    }

    void tell(byte[] pdu) {
        SubmitSm submit;
        try {
            submit = new DefaultDecomposer().submitSm(pdu);
        } catch (PDUStringException malformed) {
            // jSMPP comes to the same error by itself and refuses the PDU with its status.
            return;
        }
        JsonObject parameters = new JsonObject();
        for (OptionalParameter parameter : submit.getOptionalParameters()) {
            byte[] tagLengthValue = parameter.serialize();
            byte[] value = Arrays.copyOfRange(tagLengthValue, 4, tagLengthValue.length);
            parameters.add(Integer.toString(parameter.tag & 0xFFFF), Smsc.written(value));
        }
        Smsc.emit("submit", facts()
                .add("sequence", submit.getSequenceNumber())
                .add("service_type", orEmpty(submit.getServiceType()))
                .add("source", orEmpty(submit.getSourceAddr()))
                .add("source_ton", submit.getSourceAddrTon())
                .add("source_npi", submit.getSourceAddrNpi())
                .add("destination", orEmpty(submit.getDestAddress()))
                .add("destination_ton", submit.getDestAddrTon())
                .add("destination_npi", submit.getDestAddrNpi())
                .add("esm_class", submit.getEsmClass() & 0xFF)
                .add("protocol_id", submit.getProtocolId() & 0xFF)
                .add("priority", submit.getPriorityFlag() & 0xFF)
                .add("validity_period", orEmpty(submit.getValidityPeriod()))
                .add("registered_delivery", submit.getRegisteredDelivery() & 0xFF)
                .add("data_coding", submit.getDataCoding() & 0xFF)
                .add("content", Smsc.written(submit.getShortMessage()))
                .add("text", textOf(submit))
                .add("parameters", parameters));
    }

    /** jSMPP reads an empty C-octet string as null. */
    static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** Reads the user data below a header, as GSM 03.38, Latin-1 or UCS-2; "" for any other coding. */
    static String textOf(SubmitSm submit) {
        byte[] data = submit.getShortMessage();
        OptionalParameter payload = submit.getOptionalParameter(OptionalParameter.Tag.MESSAGE_PAYLOAD);
        if (payload instanceof OptionalParameter.OctetString octets) {
            data = octets.getValue();
        }
        if ((submit.getEsmClass() & FEATURE_UDHI) != 0 && data.length > 0) {
            data = Arrays.copyOfRange(data, Math.min(data.length, (data[0] & 0xFF) + 1), data.length);
        }
        return switch (submit.getDataCoding()) {
            case 0 -> CharsetUtil.decode(data, CharsetUtil.CHARSET_GSM);
            case 3 -> new String(data, StandardCharsets.ISO_8859_1);
            case 8 -> new String(data, StandardCharsets.UTF_16BE);
            default -> "";
        };
    }

    @Override
    public SubmitSmResult onAcceptSubmitSm(SubmitSm submit, SMPPServerSession from) throws ProcessRequestException {
        Plan plan = plans.remove(submit.getSequenceNumber());
        waitUntilClosed(Smsc.delayMilliseconds);
        if (plan.action.isNumber()) {
            decided(submit, plan.action.asInt(), "");
            throw new ProcessRequestException("as told", plan.action.asInt());
        }
        String id = plan.messageId;
        Smsc.messages.put(id, submit);
        if (plan.action.asString().equals("drop")) {
            decided(submit, Smsc.NO_ANSWER, id);
            connection.close();
            throw new ProcessRequestException("dropped", SMPPConstant.STAT_ESME_RSYSERR);
        }
        if (plan.action.asString().equals("ignore")) {
            decided(submit, Smsc.NO_ANSWER, id);
            waitUntilClosed(Long.MAX_VALUE);
            throw new ProcessRequestException("ignored", SMPPConstant.STAT_ESME_RSYSERR);
        }
        decided(submit, SMPPConstant.STAT_ESME_ROK, id);
        if (Smsc.isReceiptFirst && wantsReceipt(submit)) {
            Smsc.sendReceipt(receiptOf(id), Smsc.era);
        }
        try {
            return new SubmitSmResult(new MessageId(id), new OptionalParameter[0]);
        } catch (PDUStringException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void decided(SubmitSm submit, int status, String messageId) {
        Smsc.emit("decision", facts()
                .add("sequence", submit.getSequenceNumber())
                .add("status", status)
                .add("message_id", messageId));
    }

    void waitUntilClosed(long atMostMilliseconds) {
        try {
            closed.await(atMostMilliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onSubmitSmRespSent(SubmitSmResult result, SMPPServerSession to) {
        int decidedIn = Smsc.era;
        SubmitSm submit = Smsc.messages.get(result.getMessageId());
        if (submit != null && !Smsc.isReceiptFirst && wantsReceipt(submit)) {
            JsonObject receipt = receiptOf(result.getMessageId());
            Smsc.deliveries.execute(() -> Smsc.sendReceipt(receipt, decidedIn));
        }
    }

    /** SMPP 3.4, 5.2.17: 1 asks for every final outcome, 2 for failures only. */
    static boolean wantsReceipt(SubmitSm submit) {
        int wanted = submit.getRegisteredDelivery() & 0x03;
        boolean isFailure = !Smsc.receiptState.equals("DELIVRD");
        return !Smsc.receiptState.isEmpty() && (wanted == 1 || wanted == 2 && isFailure);
    }

    static JsonObject receiptOf(String messageId) {
        String error = Smsc.receiptState.equals("DELIVRD") ? "000" : "001";
        return new JsonObject().add("message_id", messageId).add("state", Smsc.receiptState).add("error", error);
    }

    @Override
    public void onStateChange(SessionState now, SessionState before, Session of) {
        if (now == SessionState.CLOSED || now == SessionState.UNBOUND) {
            Smsc.bound.remove(this);
        }
        if (now == SessionState.CLOSED && closed.getCount() > 0) {
            closed.countDown();
            Smsc.open.remove(this);
            Smsc.emit("closed", facts().add("was", before.toString()));
        }
    }

    @Override
    public void onSubmitSmRespError(SubmitSmResult result, Exception cause, SMPPServerSession to) {}

    @Override
    public void onSubmitMultiRespSent(SubmitMultiResult result, SMPPServerSession to) {}

    @Override
    public void onSubmitMultiRespError(SubmitMultiResult result, Exception cause, SMPPServerSession to) {}

    static ProcessRequestException unsupported() {
        return new ProcessRequestException("unsupported", SMPPConstant.STAT_ESME_RINVCMDID);
    }

    @Override
    public SubmitMultiResult onAcceptSubmitMulti(SubmitMulti it, SMPPServerSession of) throws ProcessRequestException {
        throw unsupported();
    }

    @Override
    public QuerySmResult onAcceptQuerySm(QuerySm it, SMPPServerSession of) throws ProcessRequestException {
        throw unsupported();
    }

    @Override
    public void onAcceptReplaceSm(ReplaceSm it, SMPPServerSession of) throws ProcessRequestException {
        throw unsupported();
    }

    @Override
    public void onAcceptCancelSm(CancelSm it, SMPPServerSession of) throws ProcessRequestException {
        throw unsupported();
    }

    @Override
    public BroadcastSmResult onAcceptBroadcastSm(BroadcastSm it, SMPPServerSession of) throws ProcessRequestException {
        throw unsupported();
    }

    @Override
    public void onAcceptCancelBroadcastSm(CancelBroadcastSm it, SMPPServerSession of) throws ProcessRequestException {
        throw unsupported();
    }

    @Override
    public QueryBroadcastSmResult onAcceptQueryBroadcastSm(QueryBroadcastSm it, SMPPServerSession of)
            throws ProcessRequestException {
        throw unsupported();
    }

    @Override
    public DataSmResult onAcceptDataSm(DataSm it, Session of) throws ProcessRequestException {
        throw unsupported();
    }
}
