import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONObject;
import io.netty.channel.ChannelHandlerContext;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.ChannelEventListener;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.exception.RemotingSendRequestException;
import org.apache.rocketmq.remoting.exception.RemotingTimeoutException;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.netty.ResponseFuture;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;

/**
 * The official remoting client, driven over its standard streams.
 *
 * Arguments: address (host:port), header serialization (JSON or ROCKETMQ), "tls" or "plain".
 * Each input line is a JSON command {"id", "op", "code", "ext", "body" (base64), "timeoutMs"}, with op one of
 * invokeSync, invokeAsync, invokeOneway, events. Each output line is a JSON object: {"ready":true} first, then one
 * answer per command, in the order in which they end. It ends when its input does.
 *
 * Called back by the server: 20008 answers "java:" + the body, and the ext fields as they came.
 */
public class JavaRemotingClient {
    /** Taken before standard output is given to the loggers, which would otherwise write between the answers. */
    private static final PrintStream ANSWERS = System.out;
    private static final int CALL_BACK = 20008;

    private final String address;
    private final SerializeType serializeType;
    private final NettyRemotingClient client;
    private final Map<String, AtomicInteger> events = new ConcurrentHashMap<>();
    private final ExecutorService callers = Executors.newCachedThreadPool();

    private JavaRemotingClient(String address, SerializeType serializeType, boolean tls) {
        this.address = address;
        this.serializeType = serializeType;
        NettyClientConfig config = new NettyClientConfig();
        config.setUseTLS(tls);
        // 4.9.7 closes the connection of a call that timed out unless it is told not to.
        config.setClientCloseSocketIfTimeout(false);
        client = new NettyRemotingClient(config, eventCounter());
        client.registerProcessor(CALL_BACK, callBack(), callers);
        client.start();
    }

    public static void main(String[] args) throws Exception {
        System.setOut(System.err);
        // As the servers and clients of RocketMQ do: without it the version on the wire is 0.
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, Integer.toString(MQVersion.CURRENT_VERSION));
        JavaRemotingClient driver =
            new JavaRemotingClient(args[0], SerializeType.valueOf(args[1]), "tls".equals(args[2]));
        print(answer("ready", true));
        driver.serve();
        driver.client.shutdown();
        System.exit(0);
    }

    private void serve() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JSONObject command = JSON.parseObject(line);
            callers.execute(() -> run(command));
        }
    }

    private void run(JSONObject command) {
        Object id = command.get("id");
        try {
            switch (command.getString("op")) {
                case "invokeSync":
                    print(describe(id, client.invokeSync(address, request(command), timeout(command))));
                    break;
                case "invokeAsync":
                    invokeAsync(id, command);
                    break;
                case "invokeOneway":
                    client.invokeOneway(address, request(command), timeout(command));
                    print(answer("id", id));
                    break;
                case "events":
                    Map<String, Object> counted = answer("id", id);
                    counted.put("events", new TreeMap<>(events));
                    print(counted);
                    break;
                default:
                    throw new IllegalArgumentException("unknown op in " + command);
            }
        } catch (Throwable error) {
            print(describe(id, error));
        }
    }

    private void invokeAsync(Object id, JSONObject command) throws Exception {
        client.invokeAsync(address, request(command), timeout(command), new PrintOnce(id));
    }

    /**
     * 4.9.7 only knows operationComplete; 5.5.0 calls one of the other two as well, and for a connection that could
     * not be made calls operationFail alone. So no override annotation on those two, and one answer per call.
     */
    private static final class PrintOnce implements InvokeCallback {
        private final Object id;
        private final AtomicBoolean printed = new AtomicBoolean();

        PrintOnce(Object id) {
            this.id = id;
        }

        @Override
        public void operationComplete(ResponseFuture future) {
            if (future.getResponseCommand() != null) {
                operationSucceed(future.getResponseCommand());
            } else if (future.getCause() != null) {
                operationFail(future.getCause());
            } else if (future.isSendRequestOK()) {
                operationFail(new RemotingTimeoutException("async call"));
            } else {
                operationFail(new RemotingSendRequestException("async call"));
            }
        }

        public void operationSucceed(RemotingCommand response) {
            if (printed.compareAndSet(false, true)) {
                print(describe(id, response));
            }
        }

        public void operationFail(Throwable error) {
            if (printed.compareAndSet(false, true)) {
                print(describe(id, error));
            }
        }
    }

    private RemotingCommand request(JSONObject command) {
        RemotingCommand request = RemotingCommand.createRequestCommand(command.getIntValue("code"), null);
        request.setSerializeTypeCurrentRPC(serializeType);
        if (command.getString("body") != null) {
            request.setBody(Base64.getDecoder().decode(command.getString("body")));
        }
        JSONObject ext = command.getJSONObject("ext");
        if (ext != null) {
            ext.forEach((key, value) -> request.addExtField(key, String.valueOf(value)));
        }
        return request;
    }

    private static long timeout(JSONObject command) {
        return command.containsKey("timeoutMs") ? command.getLongValue("timeoutMs") : 3000;
    }

    private static Map<String, Object> describe(Object id, RemotingCommand response) {
        Map<String, Object> described = answer("id", id);
        described.put("code", response.getCode());
        described.put("remark", response.getRemark());
        described.put("ext", response.getExtFields());
        described.put("flag", response.getFlag());
        described.put("version", response.getVersion());
        described.put("language", String.valueOf(response.getLanguage()));
        described.put("serializeType", String.valueOf(response.getSerializeTypeCurrentRPC()));
        if (response.getBody() != null) {
            described.put("body", Base64.getEncoder().encodeToString(response.getBody()));
        }
        return described;
    }

    private static Map<String, Object> describe(Object id, Throwable thrown) {
        // 5.5.0 hands the callback what its future holds.
        Throwable error = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        Map<String, Object> described = answer("id", id);
        described.put("error", error.getClass().getSimpleName());
        described.put("message", String.valueOf(error.getMessage()));
        return described;
    }

    private static Map<String, Object> answer(String key, Object value) {
        Map<String, Object> answer = new HashMap<>();
        answer.put(key, value);
        return answer;
    }

    private static synchronized void print(Map<String, Object> answer) {
        ANSWERS.println(JSON.toJSONString(answer));
        ANSWERS.flush();
    }

    /** A proxy, because 5.5.0 has added a method to the interface that 4.9.7 does not know. */
    private ChannelEventListener eventCounter() {
        return (ChannelEventListener) Proxy.newProxyInstance(
            JavaRemotingClient.class.getClassLoader(),
            new Class<?>[] {ChannelEventListener.class},
            (proxy, method, arguments) -> {
                events.computeIfAbsent(method.getName(), name -> new AtomicInteger()).incrementAndGet();
                return null;
            });
    }

    private static NettyRequestProcessor callBack() {
        return new NettyRequestProcessor() {
            @Override
            public RemotingCommand processRequest(ChannelHandlerContext context, RemotingCommand request) {
                RemotingCommand response = RemotingCommand.createResponseCommand(0, null);
                response.setExtFields(request.getExtFields());
                String body = request.getBody() == null ? "" : new String(request.getBody(), StandardCharsets.UTF_8);
                response.setBody(("java:" + body).getBytes(StandardCharsets.UTF_8));
                return response;
            }

            @Override
            public boolean rejectRequest() {
                return false;
            }
        };
    }
}
