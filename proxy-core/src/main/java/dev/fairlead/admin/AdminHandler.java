package dev.fairlead.admin;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the admin address. Writes one answer and only then reads on: a client that asks much and reads nothing
 * holds one answer and what one read of its socket brought.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final Site site;
    private final boolean own;
    private final Queue<FullHttpRequest> waiting = new ArrayDeque<>();
    private boolean answering;
    private boolean turning;
    private boolean reading;

    /** @param own whether the client came over the process's own socket */
    AdminHandler(Site site, boolean own) {
        this.site = site;
        this.own = own;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        turn(ctx);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        reading = true;
        waiting.add(request.retain());
        turn(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        turn(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
    }

    /** Answers what waits, reads on when nothing does. A loop, since an answer is often written at once. */
    private void turn(ChannelHandlerContext ctx) {
        if (turning) {
            return;
        }
        turning = true;
        while (!answering) {
            FullHttpRequest request = waiting.poll();
            if (request == null) {
                // What the last read brought is not all here yet while it lasts: asking for more now would read the
                // client's end while answers are on their way.
                if (!reading) {
                    ctx.read();
                }
                break;
            }
            answering = true;
            answer(ctx, request);
            request.release();
        }
        turning = false;
    }

    private void answer(ChannelHandlerContext ctx, FullHttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (!request.decoderResult().isSuccess()) {
            write(ctx, version, false, misunderstood(request));
            return;
        }
        boolean stays = HttpUtil.isKeepAlive(request);
        String what = request.method() + " " + request.uri();
        asked(request).whenComplete((answer, failure) -> {
            Answer said = failure == null ? answer : defect(what, failure);
            if (ctx.executor().inEventLoop()) {
                write(ctx, version, stays, said);
            } else {
                ctx.executor().execute(() -> write(ctx, version, stays, said));
            }
        });
    }

    private void write(ChannelHandlerContext ctx, HttpVersion version, boolean stays, Answer answer) {
        if (answer.following().isPresent()) {
            follow(ctx, answer, answer.following().get());
            return;
        }
        FullHttpResponse response = response(answer);
        HttpUtil.setKeepAlive(response.headers(), version, stays);
        ctx.writeAndFlush(response).addListener((ChannelFutureListener) written -> {
            if (written.isSuccess() && stays) {
                answering = false;
                turn(ctx);
            } else {
                ctx.close();
            }
        });
    }

    private CompletionStage<Answer> asked(FullHttpRequest request) {
        try {
            return site.answer(new Asked(request.method(), request.uri(), request.headers().copy(), own));
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static Answer defect(String what, Throwable thrown) {
        LOG.error("a defect: cannot answer {}", what, thrown);
        return Answer.text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "a defect of Fairlead; its log says more\n");
    }

    /** The client gets what follows until it leaves; what else it asks on this connection is not answered. */
    private static void follow(ChannelHandlerContext ctx, Answer answer, Answer.Following following) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, answer.status());
        headers(response, answer);
        HttpUtil.setTransferEncodingChunked(response, true);
        ctx.writeAndFlush(response);
        following.begins(ctx.channel());
        ctx.read(); // else nobody would learn that the client has left
    }

    private static Answer misunderstood(FullHttpRequest request) {
        String why = Optional.ofNullable(request.decoderResult().cause()).map(Throwable::getMessage).orElse("");
        return Answer.text(HttpResponseStatus.BAD_REQUEST, "this is no HTTP request: " + why + "\n");
    }

    private static FullHttpResponse response(Answer answer) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), answer.body());
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().readableBytes());
        headers(response, answer);
        return response;
    }

    private static void headers(HttpResponse response, Answer answer) {
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store").set("x-content-type-options", "nosniff");
        answer.headers().forEach(response.headers()::set);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            LOG.debug("a client of the admin address left or was dropped: {}", cause.getMessage());
        } else {
            LOG.error("a defect: a client of the admin address is dropped", cause);
        }
        ctx.close();
    }
}
