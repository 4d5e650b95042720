import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Date;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.*;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.util.DeliveryReceiptState;

/**
 * jSMPP's server, driven by JSON lines: commands on standard input, events on standard output, bytes in Base64. The
 * protocol is jSMPP's; this driver only decides what to answer and tells what came. Ends when standard input does.
 *
 * Arguments: port (0: any free one), system id, password, seconds of silence before it sends enquire_link, and how many
 * times it ran before, so that numbers of connections and ids of messages do not repeat.
 */
public final class Smsc {
    static final int BACKLOG = 50;
    static final int PARALLEL_DELIVERIES = 64;
    static final int NUMBERS_PER_RUN = 1_000_000;
    static final int NO_ANSWER = -1;

    static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    static final AtomicInteger links = new AtomicInteger();
    static final Map<String, SubmitSm> messages = new ConcurrentHashMap<>();
    static final Set<Link> open = ConcurrentHashMap.newKeySet();
    static final Deque<Link> bound = new ConcurrentLinkedDeque<>();
    static final ExecutorService deliveries = Executors.newFixedThreadPool(PARALLEL_DELIVERIES);

    static String systemId;
    static String password;
    static int enquireLinkMilliseconds;

    static final Deque<JsonValue> nextSubmits = new ArrayDeque<>();
    static final Deque<JsonValue> nextBinds = new ArrayDeque<>();
    /** Counts the orders to forget; what was decided in an earlier era is not sent in a later one. */
    static volatile int era;
    static volatile long delayMilliseconds;
    static volatile String receiptState = "";
    static volatile boolean isReceiptFirst;
    static volatile int submitsPerSecond;
    static int lastMessageId;
    static long currentSecond;
    static int submitsThisSecond;

    public static void main(String[] arguments) throws IOException {
        systemId = arguments[1];
        password = arguments[2];
        enquireLinkMilliseconds = (int) (1000 * Double.parseDouble(arguments[3]));
        int runsBefore = Integer.parseInt(arguments[4]);
        links.set(runsBefore * NUMBERS_PER_RUN);
        lastMessageId = (runsBefore + 1) * NUMBERS_PER_RUN;
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]), BACKLOG, loopback);
        emit("listening", new JsonObject().add("port", server.getLocalPort()));
        new Thread(() -> acceptFrom(server)).start();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            obey(Json.parse(line).asObject());
        }
        System.exit(0);
    }

    static synchronized void emit(String event, JsonObject facts) {
        OUT.println(new JsonObject().add("event", event).merge(facts));
        OUT.flush();
    }

    static String written(byte[] content) {
        return Base64.getEncoder().encodeToString(content);
    }

    static void acceptFrom(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Link link = new Link(socket);
                open.add(link);
                emit("opened", link.facts());
                new Thread(link::waitForBind).start();
            }
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static void obey(JsonObject command) {
        String name = command.getString("do", "");
        switch (name) {
            case "receipt" -> deliveries.execute(() -> sendReceipt(command, era));
            case "message" -> deliveries.execute(() -> sendMessage(command));
            case "echo" -> done(command, SMPPConstant.STAT_ESME_ROK, "");
            case "forget" -> {
                era++;
                messages.clear();
                done(command, SMPPConstant.STAT_ESME_ROK, "");
            }
            case "behave" -> {
                behave(command);
                done(command, SMPPConstant.STAT_ESME_ROK, "");
            }
            case "disconnect" -> {
                open.forEach(link -> link.connection.close());
                done(command, SMPPConstant.STAT_ESME_ROK, "");
            }
            case "unbind" -> deliveries.execute(() -> {
                bound.forEach(link -> link.session.unbindAndClose());
                done(command, SMPPConstant.STAT_ESME_ROK, "");
            });
            default -> throw new IllegalArgumentException("unknown command " + command);
        }
    }

    /** Tells the end of a command; receipts sent without one have no id. */
    static void done(JsonObject command, int status, String problem) {
        if (command.get("id") != null) {
            emit("done", new JsonObject().add("id", command.get("id")).add("status", status).add("problem", problem));
        }
    }

    static synchronized void behave(JsonObject wanted) {
        nextSubmits.clear();
        wanted.get("next_submits").asArray().forEach(nextSubmits::add);
        nextBinds.clear();
        wanted.get("next_binds").asArray().forEach(nextBinds::add);
        delayMilliseconds = wanted.get("delay_milliseconds").asLong();
        receiptState = wanted.get("receipt").asString();
        isReceiptFirst = wanted.get("is_receipt_first").asBoolean();
        submitsPerSecond = wanted.get("submits_per_second").asInt();
        submitsThisSecond = 0;
    }

    /** What to do with the submit_sm at hand: "accept", "drop", "ignore", or a command_status to refuse it with. */
    static synchronized Link.Plan nextPlan() {
        lastMessageId++;
        long second = System.nanoTime() / 1_000_000_000L;
        if (second != currentSecond) {
            currentSecond = second;
            submitsThisSecond = 0;
        }
        submitsThisSecond++;
        if (submitsPerSecond > 0 && submitsThisSecond > submitsPerSecond) {
            return new Link.Plan(Json.value(SMPPConstant.STAT_ESME_RTHROTTLED), "");
        }
        JsonValue action = nextSubmits.isEmpty() ? Json.value("accept") : nextSubmits.poll();
        return new Link.Plan(action, Integer.toString(lastMessageId));
    }

    static synchronized int nextBindStatus() {
        return nextBinds.isEmpty() ? SMPPConstant.STAT_ESME_ROK : nextBinds.poll().asInt();
    }

    static void sendReceipt(JsonObject command, int decidedIn) {
        String id = command.get("message_id").asString();
        SubmitSm message = messages.get(id);
        if (message == null) {
            done(command, NO_ANSWER, "no message " + id);
            return;
        }
        DeliveryReceiptState state = DeliveryReceiptState.valueOf(command.get("state").asString());
        String shownId = command.getString("shown_id", id);
        int delivered = state == DeliveryReceiptState.DELIVRD ? 1 : 0;
        Date now = new Date();
        String error = command.get("error").asString();
        String text = new DeliveryReceipt(shownId, 1, delivered, now, now, state, error, "").toString();
        OptionalParameter[] parameters = {
            new OptionalParameter.Receipted_message_id(shownId),
            // SMPP 3.4, 5.3.2.35: message_state counts from ENROUTE = 1.
            new OptionalParameter.Message_state((byte) (state.value() + 1)),
        };
        deliver(
                command,
                decidedIn,
                new Number(message.getDestAddrTon(), message.getDestAddrNpi(), message.getDestAddress()),
                new Number(message.getSourceAddrTon(), message.getSourceAddrNpi(), message.getSourceAddr()),
                new ESMClass(MessageMode.DEFAULT, MessageType.SMSC_DEL_RECEIPT, GSMSpecificFeature.DEFAULT),
                (byte) 0,
                text.getBytes(StandardCharsets.US_ASCII),
                command.getBoolean("has_parameters", true) ? parameters : new OptionalParameter[0]);
    }

    static void sendMessage(JsonObject command) {
        byte international = TypeOfNumber.INTERNATIONAL.value();
        byte isdn = NumberingPlanIndicator.ISDN.value();
        deliver(
                command,
                era,
                new Number(international, isdn, command.get("source").asString()),
                new Number(international, isdn, command.get("destination").asString()),
                new ESMClass(command.get("esm_class").asInt()),
                (byte) command.get("data_coding").asInt(),
                Base64.getDecoder().decode(command.get("content").asString()));
    }

    record Number(byte ton, byte npi, String digits) {}

    static void deliver(
            JsonObject command, int decidedIn, Number from, Number to, ESMClass kind, byte coding, byte[] content,
            OptionalParameter... parameters) {
        Link receiver = null;
        for (Link link : bound) {
            receiver = link.session.getSessionState().isReceivable() ? link : receiver;
        }
        if (receiver == null) {
            done(command, NO_ANSWER, "no receiver is bound");
            return;
        }
        if (decidedIn != era) {
            done(command, NO_ANSWER, "forgotten");
            return;
        }
        try {
            receiver.session.deliverShortMessage(
                    "",
                    TypeOfNumber.valueOf(from.ton), NumberingPlanIndicator.valueOf(from.npi), from.digits,
                    TypeOfNumber.valueOf(to.ton), NumberingPlanIndicator.valueOf(to.npi), to.digits,
                    kind, (byte) 0, (byte) 0, new RegisteredDelivery(0), new RawDataCoding(coding),
                    content, parameters);
            done(command, SMPPConstant.STAT_ESME_ROK, "");
        } catch (NegativeResponseException refused) {
            done(command, refused.getCommandStatus(), "");
        } catch (PDUException | ResponseTimeoutException | InvalidResponseException | IOException broken) {
            done(command, NO_ANSWER, broken.toString());
        }
    }
}
