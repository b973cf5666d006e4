import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import io.netty.channel.ChannelHandlerContext;
import org.apache.rocketmq.remoting.InvokeCallback;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.netty.ResponseFuture;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/**
 * Both ends of the official remoting layer, with its default options: `serve`, or `call PORT`. Speaks bench/line-process.ts's lines.
 */
public class RemotingEcho {
    static final int ECHO = 20001;
    static final int SAMPLE_EVERY = 7;
    static final BufferedReader INPUT = new BufferedReader(new InputStreamReader(System.in));

    public static void main(String[] args) throws Exception {
        if (args[0].equals("serve")) serve();
        else call("127.0.0.1:" + args[1]);
        System.exit(0);
    }

    static void serve() throws Exception {
        NettyServerConfig config = new NettyServerConfig();
        config.setBindAddress("127.0.0.1");
        config.setListenPort(0);
        NettyRemotingServer server = new NettyRemotingServer(config);
        server.registerProcessor(ECHO, new NettyRequestProcessor() {
            @Override public RemotingCommand processRequest(ChannelHandlerContext context, RemotingCommand request) {
                RemotingCommand response = RemotingCommand.createResponseCommand(0, null);
                response.setBody(request.getBody());
                return response;
            }
            @Override public boolean rejectRequest() {
                return false;
            }
        }, null);
        server.start();
        System.out.println("{\"port\":" + server.localListenPort() + "}");
        while (INPUT.readLine() != null) { }
    }

    static void call(String address) throws Exception {
        NettyRemotingClient client = new NettyRemotingClient(new NettyClientConfig());
        client.start();
        System.out.println("{}");
        for (String line; (line = INPUT.readLine()) != null;) {
            int[] load = Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray();
            if (load[2] > 0) new Run(client, address, load[0], load[1], load[2]).measure();
            System.out.println(new Run(client, address, load[0], load[1], load[3]).measure());
        }
    }

    /** Keeps calls in flight, a new one begun in the callback of the one that has ended. */
    static final class Run {
        final NettyRemotingClient client;
        final String address;
        final byte[] body;
        final int inFlight;
        final long runNanos;
        final AtomicLong calls = new AtomicLong();
        final AtomicInteger samples = new AtomicInteger();
        final long[] latencies = new long[1 << 18];
        final CountDownLatch ended;
        volatile boolean going = true;
        volatile Throwable failure;
        long start;

        Run(NettyRemotingClient client, String address, int inFlight, int bodyBytes, int runMs) {
            this.client = client;
            this.address = address;
            this.inFlight = inFlight;
            this.body = new byte[bodyBytes];
            this.runNanos = runMs * 1_000_000L;
            this.ended = new CountDownLatch(inFlight);
        }

        String measure() throws Exception {
            start = System.nanoTime();
            for (int i = 0; i < inFlight; i++) next();
            ended.await();
            double elapsedMs = (System.nanoTime() - start) / 1e6;
            if (failure != null) throw new IllegalStateException(failure);
            int n = Math.min(samples.get(), latencies.length);
            Arrays.sort(latencies, 0, n);
            return String.format(Locale.ROOT, "{\"calls\":%d,\"elapsedMs\":%.3f,\"p50Ms\":%.4f,\"p99Ms\":%.4f}",
                calls.get(), elapsedMs, at(n, 0.5), at(n, 0.99));
        }

        double at(int n, double p) {
            return n == 0 ? 0 : latencies[Math.min(n - 1, (int) (n * p))] / 1e6;
        }

        void next() {
            if (!going) {
                ended.countDown();
                return;
            }
            boolean sampled = calls.getAndIncrement() % SAMPLE_EVERY == 0;
            long before = sampled ? System.nanoTime() : 0;
            RemotingCommand request = RemotingCommand.createRequestCommand(ECHO, null);
            request.setBody(body);
            try {
                client.invokeAsync(address, request, 10_000, new InvokeCallback() {
                    @Override public void operationComplete(ResponseFuture future) { }
                    @Override public void operationSucceed(RemotingCommand response) {
                        if (sampled) sample(before);
                        next();
                    }
                    @Override public void operationFail(Throwable error) {
                        fail(error);
                    }
                });
            } catch (Exception error) {
                fail(error);
            }
        }

        void sample(long before) {
            long now = System.nanoTime();
            int i = samples.getAndIncrement();
            if (i < latencies.length) latencies[i] = now - before;
            if (now - start >= runNanos) going = false;
        }

        void fail(Throwable error) {
            failure = error;
            going = false;
            ended.countDown();
        }
    }
}
