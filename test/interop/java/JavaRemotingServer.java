import io.netty.channel.ChannelHandlerContext;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;

/**
 * The official remoting server with the codes that the interop tests call.
 *
 * Argument: the port. Prints {"ready":true}, ends when its input does. TLS is set up by the system properties of
 * TlsSystemConfig.
 */
public class JavaRemotingServer {
    private static final AtomicInteger EVENTS = new AtomicInteger();

    private interface Handler {
        RemotingCommand handle(RemotingCommand request, ChannelHandlerContext context) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        // As the servers and clients of RocketMQ do: without it the version on the wire is 0.
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, Integer.toString(MQVersion.CURRENT_VERSION));
        NettyServerConfig config = new NettyServerConfig();
        config.setListenPort(Integer.parseInt(args[0]));
        NettyRemotingServer server = new NettyRemotingServer(config);
        register(server);
        server.start();
        answers.println("{\"ready\":true}");
        answers.flush();
        while (System.in.read() >= 0) {
            continue;
        }
        server.shutdown();
        System.exit(0);
    }

    private static void register(NettyRemotingServer server) {
        ExecutorService executor = Executors.newCachedThreadPool();
        on(server, executor, 20001, (request, context) -> echo(request));
        on(server, executor, 20003, (request, context) -> RemotingCommand.createResponseCommand(20017, "no such order"));
        on(server, executor, 20005, (request, context) -> {
            Thread.sleep(Long.parseLong(request.getExtFields().get("delayMs")));
            return echo(request);
        });
        on(server, executor, 20006, (request, context) -> {
            EVENTS.incrementAndGet();
            return null;
        });
        on(server, executor, 20007, (request, context) -> success(Integer.toString(EVENTS.get())));
        on(server, executor, 20009, (request, context) -> {
            RemotingCommand question = RemotingCommand.createRequestCommand(20008, null);
            question.setSerializeTypeCurrentRPC(request.getSerializeTypeCurrentRPC());
            question.setBody(request.getBody());
            question.setExtFields(request.getExtFields());
            return echo(server.invokeSync(context.channel(), question, 3000));
        });
        on(server, executor, 20010, (request, context) -> {
            throw new IllegalStateException("thrown by the handler");
        });
        on(server, executor, 20011, (request, context) -> success(addressOf(context.channel().remoteAddress())));
    }

    private static void on(NettyRemotingServer server, ExecutorService executor, int code, Handler handler) {
        server.registerProcessor(code, new NettyRequestProcessor() {
            @Override
            public RemotingCommand processRequest(ChannelHandlerContext context, RemotingCommand request) throws Exception {
                return handler.handle(request, context);
            }

            @Override
            public boolean rejectRequest() {
                return false;
            }
        }, executor);
    }

    private static String addressOf(SocketAddress address) {
        InetSocketAddress inet = (InetSocketAddress) address;
        return inet.getAddress().getHostAddress() + ":" + inet.getPort();
    }

    private static RemotingCommand success(String body) {
        RemotingCommand response = RemotingCommand.createResponseCommand(0, null);
        response.setBody(body.getBytes(StandardCharsets.UTF_8));
        return response;
    }

    /** Body and ext fields as they came, and how Java read the rest of the frame. */
    private static RemotingCommand echo(RemotingCommand command) {
        RemotingCommand response = RemotingCommand.createResponseCommand(0, command.getRemark());
        response.setBody(command.getBody());
        if (command.getExtFields() != null) {
            command.getExtFields().forEach(response::addExtField);
        }
        SerializeType serializeType = command.getSerializeTypeCurrentRPC();
        response.addExtField("seen.serializeType", String.valueOf(serializeType));
        response.addExtField("seen.language", String.valueOf(command.getLanguage()));
        response.addExtField("seen.version", Integer.toString(command.getVersion()));
        response.addExtField("seen.code", Integer.toString(command.getCode()));
        return response;
    }
}
